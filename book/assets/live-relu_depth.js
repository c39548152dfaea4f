/* Chapter 04: signal and gradient over the layers, theory as a line and one network as dots, of the width that the chapter
   measures at. Weights are drawn once, so that a move changes what it names and nothing else. */
(window.winitLive ??= {}).relu_depth = (say) => {
  "use strict";
  const WIDTH = 256, BATCH = 16, SEED = 4;
  const DEEPEST = 30, DECADES = { low: -13, high: 6, step: 3 }; // one scale for every choice, so that they compare
  const numerics = labNumerics(labTables), theory = labTheory(labTables, numerics), { make, text, stroke, dots, raised } = labSvg();
  const { product } = numerics;

  const rms = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const normals = (...seeds) => numerics.generator(SEED, ...seeds).normals(BATCH * WIDTH);

  /* Weights of mean square 1, by distribution and layer. */
  const drawn = {};
  function weights(initializer, layer) {
    const { distribution } = labTables.initializers[initializer], layers = (drawn[distribution] ??= []);
    return (layers[layer] ??= numerics.draw(initializer, distribution, WIDTH, WIDTH, numerics.generator(SEED, layer)));
  }

  /* z of the layers, units by samples; a deeper network is the same one with more layers on top. */
  const sent = {};
  function forward(activation, initializer, depth) {
    const { f } = numerics.activations[activation], std = numerics.scale(initializer, 1, WIDTH, WIDTH);
    const layers = (sent[`${activation} ${initializer}`] ??= []);
    while (layers.length < depth) {
      const h = layers.length ? numerics.applied(f, layers.at(-1)) : normals(0);
      layers.push(product(weights(initializer, layers.length), h, WIDTH, WIDTH, BATCH).map((z) => std * z));
    }
    return layers.slice(0, depth);
  }

  /* δ of the layers, with a gradient N(0, 1) on the topmost h. */
  function backward(activation, initializer, layers) {
    const { df } = numerics.activations[activation], std = numerics.scale(initializer, 1, WIDTH, WIDTH), found = [];
    let back = normals(1, layers.length);
    for (let l = layers.length - 1; l >= 0; l--) {
      found[l] = back.map((gradient, i) => gradient * df(layers[l][i]));
      const turned = numerics.transposed(found[l], WIDTH, BATCH); // (samples, units), as the product wants it
      if (l) back = numerics.transposed(product(turned, weights(initializer, l), BATCH, WIDTH, WIDTH), BATCH, WIDTH).map((d) => std * d);
    }
    return found;
  }

  function compute({ activation, depth, initializer }) {
    const layers = forward(activation, initializer, depth), z = layers.map(rms);
    const delta = backward(activation, initializer, layers).map(rms);
    const sizes = theory.sizes({ activation, initializer, depth, width: WIDTH, batch: BATCH, gain: 1 });
    const relative = (values, one) => values.map((value) => value / one);
    return {
      measured: [relative(z, z[0]), relative(delta, delta.at(-1))],
      theory: [relative(sizes.z_rms, sizes.z_rms[0]), relative(sizes.delta_rms, sizes.delta_rms.at(-1))],
    };
  }
  function numbers({ measured: [z, delta], theory: [zTheory, deltaTheory] }) {
    return { forward: z.at(-1), forward_theory: zTheory.at(-1), backward: delta[0], backward_theory: deltaTheory[0] };
  }

  function draw(svg, record, width, height) {
    const left = 44, right = width - 12, top = 30, bottom = height - 40;
    const x = (layer) => left + 8 + (layer - 1) / (DEEPEST - 1) * (right - left - 16);
    const y = (value) => top + (DECADES.high - Math.log10(value)) / (DECADES.high - DECADES.low) * (bottom - top);

    const grid = make("g", { class: "grid" }, svg);
    for (let power = DECADES.low + 1; power <= DECADES.high; power += DECADES.step) {
      make("path", { d: `M${left},${y(10 ** power).toFixed(1)}H${right}`, class: power === 0 ? "one" : "" }, grid);
      text(grid, power ? `10${raised(power)}` : 1, left - 8, y(10 ** power) + 4, { "text-anchor": "end" });
    }
    for (const layer of [1, 5, 10, 15, 20, 25, 30]) text(grid, layer, x(layer), bottom + 18, { "text-anchor": "middle" });
    make("path", { d: `M${left},${bottom}H${right}` }, grid);
    text(grid, say("relative_axis"), 0, 14);
    text(grid, say("layer_axis"), right, height - 5, { "text-anchor": "end" });

    const layers = record.theory[0].map((_, i) => x(i + 1)), end = layers.at(-1);
    for (const i of [1, 0]) { // the signal's dots are smaller and lie on top: where both directions meet, both are seen
      const box = make("g", { class: i ? "backward" : "forward" }, svg), heights = record.theory[i].map(y);
      make("path", { class: "line", d: stroke(layers, heights) }, box);
      make("path", { class: "dots", "stroke-width": i ? 6.6 : 4.8, d: dots(layers, record.measured[i].map(y)) }, box);
      // the words stand where the line arrives, on the side that it does not come from
      const goal = i ? heights[0] : heights.at(-1), falls = goal - (i ? heights.at(-1) : heights[0]);
      const below = Math.abs(falls) > 12 ? falls > 0 : i === 1;
      const place = Math.min(bottom - 8, Math.max(top + 14, goal + (below ? 22 : -13)));
      if (i) text(box, say("gradient_line"), layers[0] - 4, place, { class: "name" });
      else if (end < left + 0.5 * (right - left)) text(box, say("signal_line"), end + 12, goal - 4, { class: "name" });
      else text(box, say("signal_line"), end + 4, place, { class: "name", "text-anchor": "end" });
    }
  }

  return { compute, numbers, draw };
};
