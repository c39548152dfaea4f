/* Networks of the Init Lab, as in winit: layers forward and backward, what is measured on them, and SGD.
   Arrays hold (batch, units) row by row. With batch norm f acts on the normalized z, and δ is dL/dz before it. */
function labNetwork(data, numerics) {
  "use strict";
  const { product, activations, applied } = numerics;
  const { epsilon, momentum } = data.constants; // of batch norm

  /* ---- one layer: W is a draw of mean square 1, `scale` its factor ---- */
  function forward(h, W, { batch, inputs, outputs, scale = 1, activation, norm = false, beta = null, gamma = null }, out = {}) {
    const z = product(h, W, batch, inputs, outputs, out.z);
    if (scale !== 1) for (let i = 0; i < z.length; i++) z[i] *= scale;
    if (beta && !norm) for (let i = 0; i < z.length; i++) z[i] += beta[i % outputs];
    const cache = norm ? normalize(z, batch, outputs, gamma, beta) : null;
    return { z, y: cache ? cache.y : z, cache, h: applied(activations[activation].f, cache ? cache.y : z, out.h) };
  }

  /* From dL/dh to δ and the gradient of the weights (a sum over the batch). */
  function backward(back, h, layer, { batch, inputs, outputs, activation }, out = {}) {
    const { df } = activations[activation], slopes = applied(df, layer.y, out.delta);
    for (let i = 0; i < slopes.length; i++) slopes[i] *= back[i];
    const norms = layer.cache ? denormalize(slopes, layer.cache, batch, outputs) : null;
    const gradient = product(h, slopes, inputs, batch, outputs, out.gradient, { a: true });
    return { delta: slopes, gradient, ...norms };
  }

  /* dL/dh of the layer below: δ Wᵀ. */
  function descend(delta, W, { batch, inputs, outputs, scale = 1 }, out) {
    const back = product(delta, W, batch, outputs, inputs, out, { b: true });
    if (scale !== 1) for (let i = 0; i < back.length; i++) back[i] *= scale;
    return back;
  }

  function normalize(z, batch, units, gamma, beta) {
    const mean = new Float64Array(units), variance = new Float64Array(units);
    for (let i = 0, s = 0; s < batch; s++) for (let j = 0; j < units; j++, i++) mean[j] += z[i] / batch;
    const centred = new Float64Array(z.length), y = new Float64Array(z.length);
    for (let i = 0, s = 0; s < batch; s++) {
      for (let j = 0; j < units; j++, i++) {
        centred[i] = z[i] - mean[j];
        variance[j] += centred[i] * centred[i] / batch;
      }
    }
    const inverse = variance.map((v) => 1 / Math.sqrt(v + epsilon));
    for (let i = 0; i < z.length; i++) {
      const j = i % units;
      y[i] = centred[i] * inverse[j] * (gamma ? gamma[j] : 1) + (beta ? beta[j] : 0);
    }
    return { y, centred, inverse, gamma, mean, variance };
  }

  /* dL/dy becomes dL/dz in place. */
  function denormalize(dy, { centred, inverse, gamma }, batch, units) {
    const dbeta = new Float64Array(units), dgamma = new Float64Array(units);
    for (let i = 0; i < dy.length; i++) {
      const j = i % units;
      dbeta[j] += dy[i];
      dgamma[j] += dy[i] * centred[i] * inverse[j];
    }
    for (let i = 0; i < dy.length; i++) {
      const j = i % units, normalized = centred[i] * inverse[j];
      dy[i] = (gamma ? gamma[j] : 1) * inverse[j] * (dy[i] - dbeta[j] / batch - normalized * dgamma[j] / batch);
    }
    return { dbeta, dgamma };
  }

  /* ---- measurements, in the meaning of winit.layers.LayerStatistics ---- */
  function rms(values) { // divided by the largest first: squares overflow long before the numbers do
    let largest = 0, sum = 0;
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]);
      if (!(size <= largest)) largest = size;
    }
    if (!(largest > 0 && largest < Infinity)) return largest;
    const power = 2 ** Math.floor(Math.log2(largest)), inverse = 1 / power;
    if (!Number.isFinite(inverse)) return largest;
    for (let i = 0; i < values.length; i++) sum += (values[i] * inverse) ** 2;
    return power * Math.sqrt(sum / values.length);
  }

  /* Mean over the units of their standard deviation over the samples; `size` is the RMS of all. */
  function spread(h, batch, units, size) {
    const mean = new Float64Array(units), power = new Float64Array(units);
    for (let i = 0, s = 0; s < batch; s++) for (let j = 0; j < units; j++, i++) mean[j] += h[i] / batch;
    size ||= 1;
    for (let i = 0, s = 0; s < batch; s++) for (let j = 0; j < units; j++, i++) power[j] += ((h[i] - mean[j]) / size) ** 2;
    let sum = 0;
    for (let j = 0; j < units; j++) sum += Math.sqrt(power[j] / batch);
    return size * sum / units;
  }

  /* Share of values that are saturated; nan where the function does not saturate on both sides. */
  function saturated(h, activation) {
    const [low, high] = data.activations[activation].saturation ?? [];
    if (low === undefined) return NaN;
    let count = 0;
    for (let i = 0; i < h.length; i++) count += h[i] < low || h[i] > high ? 1 : 0;
    return count / h.length;
  }

  /* Share of units with f' = 0 on every sample. */
  function dead(y, batch, units, activation) {
    const { df } = activations[activation], alive = new Uint8Array(units);
    let count = 0;
    for (let i = 0, s = 0; s < batch && count < units; s++) {
      for (let j = 0; j < units; j++, i++) if (!alive[j] && df(y[i]) !== 0) alive[j] = 1, count++;
    }
    return 1 - count / units;
  }

  /* A few units, evenly chosen: how large their value is for the first sample, how much it differs between the samples,
     and how large it is over all of them. */
  function glimpse(values, batch, units, count) {
    const one = new Float64Array(Math.min(count, units)), spreads = one.slice(), sizes = one.slice();
    for (let u = 0, unit = new Float64Array(batch); u < one.length; u++) {
      for (let s = 0, i = Math.floor((u + 0.5) * units / one.length); s < batch; s++, i += units) unit[s] = values[i];
      one[u] = Math.abs(unit[0]);
      sizes[u] = rms(unit);
      spreads[u] = spread(unit, batch, 1, sizes[u]);
    }
    return { one, spreads, sizes };
  }

  /* The median of the sizes; of an even number, the mean of the two in the middle. The 15 bits behind the sign of a float
     grow with its size: counted, they tell the few numbers among which the middle lies, and nothing else is sorted. */
  function median(values) {
    const words = new Uint16Array(values.buffer, values.byteOffset, 4 * values.length), counts = new Uint32Array(1 << 15);
    for (let i = 3; i < words.length; i += 4) counts[words[i] & 0x7fff]++;
    if (counts.subarray(0x7ff1).some(Boolean)) return NaN; // infinity is 0x7ff0
    const low = (values.length - 1) >> 1, high = values.length >> 1;
    let first = 0, below = 0;
    while (below + counts[first] <= low) below += counts[first++];
    let last = first, upTo = below + counts[first];
    while (upTo <= high) upTo += counts[++last];
    const middle = new Float64Array(upTo - below);
    for (let i = 0, k = 0; i < values.length; i++) {
      const bits = words[4 * i + 3] & 0x7fff;
      if (bits >= first && bits <= last) middle[k++] = Math.abs(values[i]);
    }
    middle.sort();
    return (middle[low - below] + middle[high - below]) / 2;
  }

  /* Counts over equal bins between two edges, which both belong to them. */
  function histogram(values, low, high, bins) {
    const counts = new Float64Array(bins), width = (high - low) / bins;
    for (let i = 0; i < values.length; i++) {
      if (values[i] >= low && values[i] <= high) counts[Math.min(bins - 1, Math.floor((values[i] - low) / width))]++;
    }
    return counts;
  }

  function measureForward({ z, y, h }, { batch, outputs, activation }) {
    const size = rms(h);
    return {
      z_rms: rms(z),
      h_rms: size,
      across_sample_std: spread(h, batch, outputs, size),
      saturated: saturated(h, activation),
      dead: dead(y, batch, outputs, activation),
    };
  }

  function measureBackward({ delta, gradient }, { batch }) {
    return { delta_rms: rms(delta), delta_median: median(delta), weight_grad_rms: rms(gradient) / batch };
  }

  /* ---- the digits: pixels are numbers of levels, all images first, then all labels, deflated ---- */
  async function digits() {
    const { deflated, samples, train, levels } = data.digits;
    const bytes = Uint8Array.from(atob(deflated), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const packed = new Uint8Array(await new Response(stream).arrayBuffer());
    const pixels = (packed.length - samples) / samples, cut = train * pixels;
    const x = Float64Array.from(packed.subarray(0, samples * pixels), (level) => levels[level]);
    const y = packed.subarray(samples * pixels);
    return { pixels, x: x.subarray(0, cut), y: y.subarray(0, train), testX: x.subarray(cut), testY: y.subarray(train) };
  }

  /* ---- training: plain SGD on the mean cross-entropy of a softmax, hidden layers of one activation, linear output ---- */
  function network({ widths, activation, initializer, gain, distribution, bn, seed }) {
    const last = widths.length - 2;
    const layers = widths.slice(1).map((outputs, l) => {
      const inputs = widths[l], random = numerics.generator(seed, l, 7);
      const W = numerics.draw(initializer, distribution, inputs, outputs, random);
      const factor = numerics.scale(initializer, gain, inputs, outputs);
      const norm = Boolean(bn) && l < last;
      return {
        inputs, outputs, norm,
        activation: l < last ? activation : "linear",
        W: applied((w) => w * factor, W, W),
        beta: new Float64Array(outputs), // the bias, where there is no batch norm
        gamma: norm ? new Float64Array(outputs).fill(1) : null,
        mean: new Float64Array(norm ? outputs : 0),
        variance: new Float64Array(norm ? outputs : 0).fill(1),
      };
    });
    return { layers };
  }

  /* Loss of a mini-batch before the step, and the step. x is (batch, inputs), labels are integers. */
  function step({ layers }, x, labels, rate) {
    const batch = labels.length, passes = [];
    let h = x;
    for (const layer of layers) {
      const pass = forward(h, layer.W, { batch, ...layer }, layer.out);
      if (pass.cache) { // running statistics; the variance without bias
        for (let j = 0; j < layer.outputs; j++) {
          layer.mean[j] += momentum * (pass.cache.mean[j] - layer.mean[j]);
          layer.variance[j] += momentum * (pass.cache.variance[j] * batch / (batch - 1) - layer.variance[j]);
        }
      }
      passes.push(pass);
      h = pass.h;
    }
    const { loss, delta: top } = crossEntropy(h, labels, layers.at(-1).outputs);
    let back = top;
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l], below = l ? passes[l - 1].h : x;
      layer.out ??= {};
      const { delta, gradient, dbeta, dgamma } = backward(back, below, passes[l], { batch, ...layer }, layer.out);
      if (l) back = descend(delta, layer.W, { batch, ...layer });
      layer.out = { z: passes[l].z, h: passes[l].h, delta, gradient };
      const { W, beta, gamma, outputs } = layer;
      for (let i = 0; i < W.length; i++) W[i] -= rate * gradient[i];
      if (dbeta) for (let j = 0; j < outputs; j++) beta[j] -= rate * dbeta[j], gamma[j] -= rate * dgamma[j];
      else for (let i = 0; i < delta.length; i++) beta[i % outputs] -= rate * delta[i];
    }
    return loss;
  }

  function crossEntropy(logits, labels, classes) {
    const delta = new Float64Array(logits.length), batch = labels.length;
    let loss = 0;
    for (let s = 0; s < batch; s++) {
      let largest = -Infinity, total = 0;
      for (let j = s * classes; j < (s + 1) * classes; j++) if (!(logits[j] <= largest)) largest = logits[j];
      for (let j = s * classes; j < (s + 1) * classes; j++) total += delta[j] = Math.exp(logits[j] - largest);
      const right = s * classes + labels[s];
      loss += (Math.log(total) + largest - logits[right]) / batch;
      for (let j = s * classes; j < (s + 1) * classes; j++) delta[j] /= total * batch;
      delta[right] -= 1 / batch;
    }
    return { loss, delta };
  }

  /* Share of samples whose largest logit is the right one, in evaluation mode. */
  function accuracy({ layers }, x, labels) {
    const batch = labels.length;
    let h = x;
    for (const { W, inputs, outputs, norm, beta, gamma, mean, variance, activation } of layers) {
      const z = product(h, W, batch, inputs, outputs), { f } = activations[activation];
      for (let i = 0; i < z.length; i++) {
        const j = i % outputs;
        z[i] = f(norm ? gamma[j] * (z[i] - mean[j]) / Math.sqrt(variance[j] + epsilon) + beta[j] : z[i] + beta[j]);
      }
      h = z;
    }
    const classes = layers.at(-1).outputs;
    let right = 0;
    for (let s = 0; s < batch; s++) {
      let best = 0;
      for (let j = 1; j < classes; j++) if (h[s * classes + j] > h[s * classes + best]) best = j;
      if (best === labels[s]) right++;
    }
    return right / batch;
  }

  return {
    forward, backward, descend, measureForward, measureBackward, glimpse, histogram, digits, network, step, crossEntropy, accuracy,
  };
}
