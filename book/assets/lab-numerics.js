/* Numbers of the Init Lab: a seeded generator, weights, products of matrices, activations. A function without free
   names, because its text also runs in the workers (Browsers allow no worker files on pages opened as files).
   Matrices are Float64Arrays, row by row; weights are (fan_in, fan_out), z = h W. */
function labNumerics(data) {
  "use strict";
  const { constants, truncation, erfc: fit, initializers } = data;

  /* ---- random numbers: 128 bits of state, mixed by additions, shifts and xors (sfc32), one stream for each list of integers ---- */
  function generator(...seeds) {
    const state = Int32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, 1); // a variable of a closure would be a new object at each change
    const pair = new Float64Array(2);
    let left = 0; // of the pair

    function bits() {
      const a = state[0], b = state[1], c = state[2], sum = (a + b + state[3]++) | 0;
      state[0] = b ^ (b >>> 9);
      state[1] = c + (c << 3);
      state[2] = ((c << 21) | (c >>> 11)) + sum;
      return sum >>> 0;
    }

    const uniform = () => (bits() + 0.5) / 4294967296; // in (0, 1)

    function refill() { // two normal numbers, from a point in the unit disc (Marsaglia)
      let x, y, square;
      do {
        x = bits() / 2147483648 - 1;
        y = bits() / 2147483648 - 1;
        square = x * x + y * y;
      } while (square >= 1 || square === 0);
      const factor = Math.sqrt(-2 * Math.log(square) / square);
      pair[0] = x * factor;
      pair[1] = y * factor;
    }

    function normal() {
      if (!left) refill();
      left = 1 - left;
      return pair[1 - left];
    }

    function normals(size, values = new Float64Array(size)) { // what as many calls of `normal` give that begin with a new pair, in half the time
      const whole = size - (size % 2);
      left = 0;
      for (let i = 0; i < whole; i += 2) {
        refill();
        values[i] = pair[0];
        values[i + 1] = pair[1];
      }
      if (whole < size) values[whole] = normal();
      return values;
    }

    for (const seed of seeds) {
      state[0] ^= seed;
      for (let i = 0; i < 12; i++) bits();
    }
    return { uniform, normal, normals };
  }

  function filled(values, next) {
    for (let i = 0; i < values.length; i++) values[i] = next();
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
  const ROOT_3 = Math.sqrt(3), REFLECTIONS = 64; // in a block
  const LAWS = {
    normal: (random, out) => random.normals(out.length, out),
    uniform: (random, out) => filled(out, () => (2 * random.uniform() - 1) * ROOT_3),
    truncated_normal: (random, out) => filled(out, () => {
      let value;
      do value = random.normal(); while (Math.abs(value) > truncation.cut);
      return value / truncation.std;
    }),
  };

  function draw(initializer, distribution, inputs, outputs, random, out = new Float64Array(inputs * outputs)) {
    const { kind } = initializers[initializer];
    if (kind === "constant") return out.fill(1);
    if (kind === "orthogonal") return orthogonal(inputs, outputs, random, out);
    return LAWS[distribution](random, out);
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

  /* Three arrays of at least so many numbers, the same ones each time: new ones would be taken from the system page by page. */
  let rooms = [];
  function workspace(size) {
    if (!(rooms[0]?.length >= size)) rooms = Array.from({ length: 3 }, () => new Float64Array(size));
    return rooms;
  }

  /* Orthonormal rows or columns, whichever are fewer, times √ of the larger side: Haar's law, as a product of
     reflections that take random directions of growing dimension to the first axis (Stewart 1980). A block of them is
     I − Vᵀ T V (Schreiber & Van Loan 1989), so that the work is in products. */
  function orthogonal(inputs, outputs, random, out) {
    const n = Math.max(inputs, outputs), signs = new Float64Array(n);
    const [q, tail, change] = workspace(n * n); // the last two: q as far as a block reaches, and what it changes there
    q.fill(0, 0, n * n);
    for (let i = 0; i < n; i++) q[i * n + i] = 1;
    for (let end = n; end > 0;) {
      const from = Math.max(0, end - REFLECTIONS), side = n - from, count = end - from;
      const rest = n - end, v = new Float64Array(count * side), lower = new Float64Array(count * rest);
      const beta = new Float64Array(count);
      for (let j = 0; j < count; j++) {
        const at = j * side + j, row = (j + 1) * side;
        let square = 0;
        v.set(random.normals(side - j), at);
        for (let i = at; i < row; i++) square += v[i] * v[i];
        const length = Math.sqrt(square), first = v[at], sign = first < 0 ? -1 : 1;
        signs[from + j] = -sign; // of what the reflection leaves on the axis
        v[at] = first + sign * length;
        beta[j] = 1 / (length * (length + Math.abs(first))); // 2 / |v|²
        lower.set(v.subarray(row - rest, row), j * rest);
      }
      const t = joined(v, beta, side, count);
      // the rows of v times the part of q that they reach, whose first columns are still the identity's
      for (let i = 0; i < rest; i++) tail.set(q.subarray((end + i) * n + end, (end + i + 1) * n), i * rest);
      const met = v.slice(), below = product(lower, tail, count, rest, rest);
      for (let j = 0; j < count; j++) met.set(below.subarray(j * rest, (j + 1) * rest), j * side + count);
      product(product(v, t, side, count, count, undefined, { a: true }), met, side, count, side, change);
      for (let i = 0; i < side; i++) {
        for (let j = 0, at = (from + i) * n + from; j < side; j++) q[at + j] -= change[i * side + j];
      }
      end = from;
    }
    const root = Math.sqrt(n);
    for (let i = 0; i < inputs; i++) for (let j = 0; j < outputs; j++) out[i * outputs + j] = root * signs[j] * q[i * n + j];
    return out;
  }

  /* T of a block of reflections I − β v vᵀ, whose v are the rows given: an upper triangle. */
  function joined(v, beta, side, count) {
    const inner = product(v, v, count, side, count, undefined, { b: true }), t = new Float64Array(count * count);
    for (let j = 0; j < count; j++) {
      for (let i = 0; i < j; i++) {
        let sum = 0;
        for (let k = i; k < j; k++) sum += t[i * count + k] * inner[k * count + j];
        t[i * count + j] = -beta[j] * sum;
      }
      t[j * count + j] = beta[j];
    }
    return t;
  }

  /* ---- products: both factors are laid out in panels of four lines, so that a block of 4 × 4 reads them in one stream ---- */
  const LINES = 4, BYTES = Float64Array.BYTES_PER_ELEMENT, memory = new WebAssembly.Memory({ initial: 1 });
  let heap = new Float64Array(memory.buffer);

  /* The first of the kernels of lab/kernel.py that the browser knows, or the same in plain loops where it has no vectors. */
  function kernel() {
    for (const text of data.kernels) {
      try {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        return new WebAssembly.Instance(new WebAssembly.Module(bytes), { lab: { memory } }).exports.block;
      } catch {}
    }
    return plain;
  }

  function plain(...addresses) {
    const [a, b, k, o, stride] = addresses.map((address, i) => (i === 2 ? address : address / BYTES));
    for (let i = 0; i < LINES; i++) {
      for (let j = 0; j < LINES; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += heap[a + LINES * p + i] * heap[b + LINES * p + j];
        heap[o + i * stride + j] = sum;
      }
    }
  }
  const block = kernel();

  /* out (n, m) = a (n, k) · b (k, m); a factor that is `turned` is given by its transpose. */
  function product(a, b, n, k, m, out = new Float64Array(n * m), turned = {}) {
    const rows = LINES * Math.ceil(n / LINES), columns = LINES * Math.ceil(m / LINES);
    const right = rows * k, found = right + columns * k, size = (found + rows * columns) * BYTES;
    if (size > memory.buffer.byteLength) {
      memory.grow(Math.ceil((size - memory.buffer.byteLength) / 65536));
      heap = new Float64Array(memory.buffer);
    }
    pack(a, n, k, ...(turned.a ? [1, n] : [k, 1]), 0);
    pack(b, m, k, ...(turned.b ? [k, 1] : [1, m]), right);
    for (let j = 0; j < columns; j += LINES) {
      for (let i = 0; i < rows; i += LINES) {
        block(i * k * BYTES, (right + j * k) * BYTES, k, (found + i * columns + j) * BYTES, columns * BYTES);
      }
    }
    if (m === columns) out.set(heap.subarray(found, found + n * m));
    else for (let i = 0; i < n; i++) out.set(heap.subarray(found + i * columns, found + i * columns + m), i * m);
    return out;
  }

  /* Lines of a matrix, whose starts are `apart` and whose numbers are `step` places from one another, four side by side. */
  function pack(values, lines, length, apart, step, at) {
    for (let line = 0; line < lines; line += LINES) {
      const given = Math.min(LINES, lines - line);
      for (let p = 0, from = line * apart; p < length; p++, from += step, at += LINES) {
        if (given === LINES) { // no inner loop where the time goes
          heap[at] = values[from];
          heap[at + 1] = values[from + apart];
          heap[at + 2] = values[from + 2 * apart];
          heap[at + 3] = values[from + 3 * apart];
        } else for (let i = 0; i < LINES; i++) heap[at + i] = i < given ? values[from + i * apart] : 0;
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

  function erfc(x) { // t exp(P(t) - x²); even and odd powers of P by Horner's rule, side by side
    const size = abs(x), t = 2 / (2 + size), u = 2 * t - 1, square = u * u;
    let even = 0, odd = 0;
    for (let k = fit.length - 1; k > 0; k -= 2) even = even * square + fit[k - 1], odd = odd * square + fit[k];
    const tail = t * exp(even + u * odd - size * size);
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

  return { generator, permutation, draw, scale, product, transposed, activations, applied };
}
