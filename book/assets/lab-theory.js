/* Mean-field theory for the Init Lab: Gaussian integrals as winit.moments takes them, and what wide networks do.
   q is the mean square of z; one layer's z of two inputs have the correlation c = 1 - d. */
function labTheory(data, numerics) {
  "use strict";
  const { activations, scale } = numerics;
  const { epsilon } = data.constants; // of batch norm
  const TINY = 1e-280, ROOT_2_PI = Math.sqrt(2 * Math.PI);
  const FLAT = 1e-5; // a normal law this narrow, in units of its distance from 0, sees a straight line

  /* Nodes and weights of integrals over N(0, std²): a Gauss–Legendre rule on panels that double in length away from every
     centre and are clipped to `reach` standard deviations. */
  function rule(std, centres, { nodes, weights, finest, reach }, visit) {
    const deepest = Math.min(Math.max(Math.ceil(Math.log2(std)), 0), 60), edges = [-reach, reach];
    for (const centre of centres) {
      const middle = centre / Math.max(std, TINY);
      if (Math.abs(middle) < reach) edges.push(middle);
      for (let octave = 2 ** (-finest - deepest); octave < 2 * reach; octave *= 2) {
        for (const edge of [middle - octave, middle + octave]) if (Math.abs(edge) < reach) edges.push(edge);
      }
    }
    edges.sort((a, b) => a - b);
    for (let e = 1; e < edges.length; e++) {
      const half = (edges[e] - edges[e - 1]) / 2;
      if (half === 0) continue;
      for (let i = 0; i < nodes.length; i++) {
        const g = edges[e - 1] + half * (1 + nodes[i]);
        visit(std * g, half * weights[i] * Math.exp(-g * g / 2) / ROOT_2_PI);
      }
    }
  }

  /* E f, E f² and E f'² for N(0, q). */
  function moments(name, q) {
    const { f, df } = activations[name], found = { mean: 0, square: 0, slope: 0 };
    rule(Math.sqrt(q), data.activations[name].kinks, data.legendre, (z, weight) => {
      const value = f(z), slope = df(z);
      found.mean += weight * value;
      found.square += weight * value * value;
      found.slope += weight * slope * slope;
    });
    return found;
  }

  /* What still tells one input from another: with z = m + t, m common to all inputs (variance q (1 - d)) and t not
     (variance q d), the mean over m of the variance of f over t, and of its root. */
  function between(name, q, d) {
    const { f, df } = activations[name], { kinks } = data.activations[name], { coarse } = data;
    const common = Math.sqrt(q * Math.max(1 - d, 0)), own = Math.sqrt(q * d), found = { variance: 0, deviation: 0 };
    const inner = (m) => {
      if (own < FLAT * common) return (own * df(m)) ** 2;
      const centres = [0, ...kinks.map((kink) => kink - m)], values = [], weights = [];
      let mean = 0, variance = 0;
      rule(own, centres, coarse, (t, weight) => {
        const value = f(m + t);
        values.push(value);
        weights.push(weight);
        mean += weight * value;
      });
      for (let i = 0; i < values.length; i++) variance += weights[i] * (values[i] - mean) ** 2;
      return variance;
    };
    if (common < 1e-12 * own) return { variance: inner(0), deviation: Math.sqrt(inner(0)) };
    rule(common, kinks, coarse, (m, weight) => {
      const variance = inner(m);
      found.variance += weight * variance;
      found.deviation += weight * Math.sqrt(variance);
    });
    return found;
  }

  /* σ_w² of every layer: its width × the mean square of a weight. */
  const growth = ({ initializer, gain, width }) => width * scale(initializer, gain, width, width) ** 2;

  /* What goes through a wide network, layer by layer, with inputs N(0, 1) and, for batch norm, a large batch: q and
     variance of z, the q that f meets, moments of f there, and mean square and variance over the batch of the h below. */
  function forward(state) {
    const growing = growth(state), layers = [];
    for (let l = 0, below = { square: 1, own: 1 }; l < state.depth; l++) {
      const q = growing * below.square, variance = growing * below.own;
      const met = state.bn ? variance / (variance + epsilon) : q;
      const { mean, square, slope } = moments(state.activation, met);
      layers.push({ q, variance, met, mean, square, slope, below });
      below = { square, own: square - mean * mean };
    }
    return layers;
  }

  /* RMS of z, δ and the weight gradient, with a gradient N(0, 1) on the top h; and χ of the topmost layer, the factor of
     the mean square of δ. */
  function sizes(state) {
    const growing = growth(state), layers = forward(state), delta = [];
    const kept = layers.map(({ slope, variance }) => slope / (state.bn ? variance + epsilon : 1));
    for (let l = state.depth - 1, back = 1; l >= 0; l--) back = growing * (delta[l] = back * kept[l]);
    const reaching = ({ below }) => (state.bn ? below.own : below.square);
    return {
      z_rms: layers.map(({ q }) => Math.sqrt(q)),
      delta_rms: delta.map(Math.sqrt),
      weight_grad_rms: layers.map((layer, l) => Math.sqrt(reaching(layer) * delta[l] / state.batch)),
      chi: growing * kept.at(-1),
    };
  }

  /* The spread between samples, and their distance d; apart from `sizes`, because it takes double integrals. */
  function spreads(state) {
    const found = [];
    let d = 1, before = {};
    for (const { met: q, mean, square } of forward(state)) {
      const variance = square - mean * mean;
      if (state.bn) before = { q, d, variance, deviation: Math.sqrt(variance) };
      else if (!near(q, before.q) || !near(d, before.d)) before = { q, d, ...between(state.activation, q, d) };
      found.push(before);
      if (!state.bn) d = Math.min(before.variance / square, 1);
    }
    return { across_sample_std: found.map(({ deviation }) => deviation), distances: found.map((layer) => layer.d) };
  }

  const near = (one, other) => Math.abs(one - other) <= 1e-12 * Math.abs(one);

  return { moments, between, sizes, spreads };
}
