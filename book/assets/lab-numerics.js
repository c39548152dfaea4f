/* Numbers of the Init Lab: a seeded generator, weights, products of matrices, activations. A function without free
   names, because its text also runs in the workers (Browsers allow no worker files on pages opened as files).
   Matrices are Float64Arrays, row by row; weights are (fan_in, fan_out), z = h W. */
function labNumerics(data) {
  "use strict";
  const { constants, truncation, erfc: fit, initializers } = data;

  /* ---- random numbers: 128 bits of state, mixed by additions, shifts and xors (sfc32), one stream for each list of integers ---- */
  function generator(...seeds) {
    let a = 0x9e3779b9, b = 0x243f6a88, c = 0xb7e15162, counter = 1, spare = NaN;

    function bits() {
      const sum = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = ((c << 21) | (c >>> 11)) + sum | 0;
      return sum >>> 0;
    }

    const uniform = () => (bits() + 0.5) / 4294967296; // in (0, 1)

    function normal() { // two at a time, from a point in the unit disc (Marsaglia)
      if (!Number.isNaN(spare)) {
        const kept = spare;
        spare = NaN;
        return kept;
      }
      let x, y, square;
      do {
        x = bits() / 2147483648 - 1;
        y = bits() / 2147483648 - 1;
        square = x * x + y * y;
      } while (square >= 1 || square === 0);
      const factor = Math.sqrt(-2 * Math.log(square) / square);
      spare = y * factor;
      return x * factor;
    }

    for (const seed of seeds) {
      a = (a ^ seed) | 0;
      for (let i = 0; i < 12; i++) bits();
    }
    return { bits, uniform, normal };
  }

  function filled(size, next) {
    const values = new Float64Array(size);
    for (let i = 0; i < size; i++) values[i] = next();
    return values;
  }

  function permutation(size, random) {
    const order = Uint16Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i--) {
      const j = Math.floor(random.uniform() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /* ---- weights: a draw of mean square 1 (or all ones), and the standard deviation it is multiplied by ---- */
  const ROOT_3 = Math.sqrt(3);
  const LAWS = {
    normal: (random) => random.normal,
    uniform: (random) => () => (2 * random.uniform() - 1) * ROOT_3,
    truncated_normal: (random) => () => {
      let value;
      do value = random.normal(); while (Math.abs(value) > truncation.cut);
      return value / truncation.std;
    },
  };

  function draw(initializer, distribution, inputs, outputs, random) {
    const { kind } = initializers[initializer];
    if (kind === "constant") return new Float64Array(inputs * outputs).fill(1);
    if (kind === "orthogonal") return orthogonal(inputs, outputs, random);
    return filled(inputs * outputs, LAWS[distribution](random));
  }

  /* Standard deviation of a weight, or the weight itself where all are the same. */
  function scale(initializer, gain, inputs, outputs) {
    const row = initializers[initializer];
    if (row.kind === "constant") return gain * row.value;
    if (row.kind === "fixed") return gain * row.std;
    if (row.kind === "orthogonal") return gain * row.gain / Math.sqrt(Math.max(inputs, outputs));
    const fan = { in: inputs, out: outputs, avg: (inputs + outputs) / 2 }[row.fan];
    return gain * Math.sqrt(row.scale / fan);
  }

  /* Orthonormal rows or columns, whichever are fewer, times √ of the larger side: Haar's law, as a product of
     reflections that take the first unit vector to random directions of growing dimension (Stewart 1980). */
  function orthogonal(inputs, outputs, random) {
    const n = Math.max(inputs, outputs), q = new Float64Array(n * n);
    q[n * n - 1] = random.uniform() < 0.5 ? 1 : -1;
    const row = new Float64Array(n);
    for (let from = n - 2; from >= 0; from--) {
      const v = filled(n - from, random.normal);
      const length = Math.hypot(...v), sign = v[0] < 0 ? -1 : 1;
      v[0] += sign * length;
      const beta = 1 / (length * Math.abs(v[0])); // 2 / |v|²
      q[from * n + from] = 1;
      row.fill(0, from);
      for (let i = from; i < n; i++) for (let j = from, x = v[i - from]; j < n; j++) row[j] += x * q[i * n + j];
      for (let i = from; i < n; i++) {
        for (let j = from, x = beta * v[i - from]; j < n; j++) q[i * n + j] = -sign * (q[i * n + j] - x * row[j]);
      }
    }
    const part = new Float64Array(inputs * outputs), root = Math.sqrt(n);
    for (let i = 0; i < inputs; i++) for (let j = 0; j < outputs; j++) part[i * outputs + j] = root * q[i * n + j];
    return part;
  }

  /* ---- products ---- */

  /* out (n, m) = a (n, k) · b (k, m), in blocks of 4 × 4 whose sums stay in registers: four times as fast as plain loops. */
  function product(a, b, n, k, m, out = new Float64Array(n * m)) {
    const rows = n - n % 4, columns = m - m % 4;
    for (let i = 0; i < rows; i += 4) {
      const a0 = i * k, a1 = a0 + k, a2 = a1 + k, a3 = a2 + k;
      for (let j = 0; j < columns; j += 4) {
        let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
        let s20 = 0, s21 = 0, s22 = 0, s23 = 0, s30 = 0, s31 = 0, s32 = 0, s33 = 0;
        for (let p = 0, q = j; p < k; p++, q += m) {
          const x0 = a[a0 + p], x1 = a[a1 + p], x2 = a[a2 + p], x3 = a[a3 + p];
          const y0 = b[q], y1 = b[q + 1], y2 = b[q + 2], y3 = b[q + 3];
          s00 += x0 * y0; s01 += x0 * y1; s02 += x0 * y2; s03 += x0 * y3;
          s10 += x1 * y0; s11 += x1 * y1; s12 += x1 * y2; s13 += x1 * y3;
          s20 += x2 * y0; s21 += x2 * y1; s22 += x2 * y2; s23 += x2 * y3;
          s30 += x3 * y0; s31 += x3 * y1; s32 += x3 * y2; s33 += x3 * y3;
        }
        let o = i * m + j;
        out[o] = s00; out[o + 1] = s01; out[o + 2] = s02; out[o + 3] = s03; o += m;
        out[o] = s10; out[o + 1] = s11; out[o + 2] = s12; out[o + 3] = s13; o += m;
        out[o] = s20; out[o + 1] = s21; out[o + 2] = s22; out[o + 3] = s23; o += m;
        out[o] = s30; out[o + 1] = s31; out[o + 2] = s32; out[o + 3] = s33;
      }
      edge(a, b, k, m, out, i, i + 4, columns);
    }
    edge(a, b, k, m, out, rows, n, 0);
    return out;
  }

  /* Rows `from` … `to` of a product, from a column on, one sum after the other. */
  function edge(a, b, k, m, out, from, to, column) {
    for (let i = from; i < to; i++) {
      for (let j = column; j < m; j++) {
        let sum = 0;
        for (let p = 0, q = j; p < k; p++, q += m) sum += a[i * k + p] * b[q];
        out[i * m + j] = sum;
      }
    }
  }

  function transposed(a, n, m, out = new Float64Array(n * m)) {
    for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[j * n + i] = a[i * m + j];
    return out;
  }

  /* ---- activations: f and its left derivative, in the forms of winit/activations.py, exact far out and near 0 ---- */
  const { exp, expm1, log1p, abs, tanh } = Math, TWO_BY_ROOT_PI = 2 / Math.sqrt(Math.PI);
  const { leak, seluScale, seluAlpha } = constants;

  const sigmoid = (z) => (z > 0 ? 1 / (1 + exp(-z)) : (z = exp(z)) / (1 + z));
  const sigmoidSlope = (z) => ((z = exp(-abs(z))), z / ((1 + z) * (1 + z)));

  function erfc(x) { // t exp(P(t) - x²), P by Clenshaw's rule
    const size = abs(x), t = 2 / (2 + size), u = 2 * t - 1;
    let b1 = 0, b2 = 0;
    for (let k = fit.length - 1; k > 0; k--) [b1, b2] = [fit[k] + 2 * u * b1 - b2, b1];
    const tail = t * exp(fit[0] + u * b1 - b2 - size * size);
    return x < 0 ? 2 - tail : tail;
  }

  function erf(x) {
    if (abs(x) > 0.75) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
    let term = x, sum = x;
    for (let k = 1; k < 14; k++) {
      term *= -x * x / k;
      sum += term / (2 * k + 1);
    }
    return TWO_BY_ROOT_PI * sum;
  }

  const ndtr = (z) => 0.5 * erfc(-z * Math.SQRT1_2);

  function mishParts(z) { // tanh(softplus(z)) = n / d; n, d and p with e^z = m / p
    const m = exp(z < 0 ? z : 0), p = exp(z > 0 ? -z : 0), n = m * (m + 2 * p);
    return { m, p, n, d: n + 2 * p * p };
  }

  const activations = {
    linear: { f: (z) => z, df: () => 1 },
    sigmoid: { f: sigmoid, df: sigmoidSlope },
    tanh: { f: tanh, df: (z) => 4 * sigmoidSlope(2 * z) },
    relu: { f: (z) => (z > 0 ? z : z < 0 ? 0 : z), df: (z) => (z > 0 ? 1 : 0) }, // nan stays nan
    leaky_relu: { f: (z) => (z > 0 ? z : leak * z), df: (z) => (z > 0 ? 1 : leak) },
    elu: { f: (z) => (z > 0 ? z : expm1(z)), df: (z) => (z > 0 ? 1 : exp(z)) },
    selu: {
      f: (z) => seluScale * (z > 0 ? z : seluAlpha * expm1(z)),
      df: (z) => seluScale * (z > 0 ? 1 : seluAlpha * exp(z)),
    },
    gelu: { f: (z) => z * ndtr(z), df: (z) => ndtr(z) + z * exp(-z * z / 2) * TWO_BY_ROOT_PI * Math.SQRT1_2 / 2 },
    silu: { f: (z) => z * sigmoid(z), df: (z) => sigmoid(z) * (1 + z * sigmoid(-z)) },
    mish: {
      f: (z) => {
        const { n, d } = mishParts(z);
        return z * (n / d);
      },
      df: (z) => {
        const { m, p, n, d } = mishParts(z);
        return n / d + z * (4 * m * p * p * (m + p) / (d * d));
      },
    },
    softplus: { f: (z) => (z > 0 ? z : 0) + log1p(exp(-abs(z))), df: sigmoid },
    softsign: { f: (z) => z / (1 + abs(z)), df: (z) => (1 / (1 + abs(z))) ** 2 },
    erf: { f: erf, df: (z) => TWO_BY_ROOT_PI * exp(-z * z) },
  };

  function applied(f, values, out = new Float64Array(values.length)) {
    for (let i = 0; i < values.length; i++) out[i] = f(values[i]);
    return out;
  }

  return { generator, filled, permutation, draw, scale, product, transposed, activations, applied };
}
