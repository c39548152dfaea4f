/* Chapter 10: signal and gradient over the blocks of a residual network, theory as lines and one network as dots, of the
   width that the chapter measures at. Weights are drawn once, so that a move changes what it names and nothing else. */
(window.winitLive ??= {}).residual = (say) => {
  "use strict";
  const WIDTH = 128, BATCH = 16, SEED = 10;
  const MOST = 64, DECADES = { low: -0.5, high: 6 }; // one scale for every choice; what explodes leaves the picture
  const numerics = labNumerics(labTables), theory = labTheory(labTables, numerics), { make, text, stroke, dots, decade } = labSvg();
  const { product, transposed } = numerics;

  const square = (values) => values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const normals = (count, ...seeds) => numerics.generator(SEED, ...seeds).normals(count);
  const plus = (x, y) => x.map((value, i) => value + y[i]);

  /* Both matrices of a block, of variance 1 / WIDTH, and their transposes. */
  const drawn = [];
  function matrices(block) {
    const one = (k) => normals(WIDTH * WIDTH, block, k).map((weight) => weight / Math.sqrt(WIDTH));
    return (drawn[block] ??= [1, 2].map(one).flatMap((W) => [W, transposed(W, WIDTH, WIDTH)]));
  }
  const through = (W, x) => product(W, x, WIDTH, WIDTH, BATCH); // units by samples

  function compute({ blocks, scale, activation }) {
    const { f, df } = numerics.activations[activation];
    const factor = scale / Math.sqrt(theory.moments(activation, 1).square); // at 1 a branch hands on a mean square of 1
    let x = normals(WIDTH * BATCH, 0), q = 1, d = normals(WIDTH * BATCH, 0, 1), g = 1;
    const signal = [square(x)], kept = [], gradient = [square(d)], expected = { signal: [1], gradient: [1] };
    for (let block = 1; block <= blocks; block++) {
      const [W, , V] = matrices(block), z = through(W, x), { square: next, slope } = theory.moments(activation, q);
      kept.push({ block, z, slope });
      x = plus(x, through(V, numerics.applied(f, z)).map((y) => factor * y));
      signal.push(square(x));
      expected.signal.push(q += factor ** 2 * next);
    }
    for (const { block, z, slope } of kept.reverse()) {
      const [, back, , above] = matrices(block), down = through(above, d).map((y, i) => factor * y * df(z[i]));
      d = plus(d, through(back, down));
      gradient.push(square(d));
      expected.gradient.push(g *= 1 + factor ** 2 * slope);
    }
    const relative = (values) => values.map((value) => value / values[0]);
    return { measured: [signal, gradient].map(relative), theory: [expected.signal, expected.gradient] };
  }
  function numbers(record) {
    const ends = [...record.measured, ...record.theory].map((values) => values.at(-1));
    const [signal, gradient, signalTheory, gradientTheory] = ends;
    return { signal_growth: signal, signal_theory: signalTheory, gradient_growth: gradient, gradient_theory: gradientTheory };
  }

  function draw(svg, record, width, height) {
    const left = 44, right = width - 12, top = 40, bottom = height - 40;
    const x = (block) => left + 8 + block / MOST * (right - left - 16);
    const y = (value) => top + (DECADES.high - Math.log10(value)) / (DECADES.high - DECADES.low) * (bottom - top);

    const grid = make("g", { class: "grid" }, svg);
    for (let power = 0; power <= DECADES.high; power++) {
      make("path", { d: `M${left},${y(10 ** power).toFixed(1)}H${right}`, class: power === 0 ? "one" : "" }, grid);
      text(grid, decade(power), left - 8, y(10 ** power) + 4, { "text-anchor": "end" });
    }
    for (const block of [0, 16, 32, 48, 64]) text(grid, block, x(block), bottom + 18, { "text-anchor": "middle" });
    make("path", { d: `M${left},${bottom}H${right}` }, grid);
    text(grid, say("square_axis"), 0, 14);
    text(grid, say("block_axis"), right, height - 5, { "text-anchor": "end" });

    const last = record.theory[0].length - 1;
    for (const i of [1, 0]) { // the signal's dots are smaller and lie on top: where both directions meet, both are seen
      const box = make("g", { class: i ? "backward" : "forward" }, svg), places = record.theory[i].map((_, k) => x(i ? last - k : k));
      const inside = (value) => (y(value) >= top - 2 ? y(value) : NaN);
      make("path", { class: "line", d: stroke(places, record.theory[i].map(inside)) }, box);
      make("path", { class: "dots", "stroke-width": i ? 6.6 : 4.8, d: dots(places, record.measured[i].map(inside)) }, box);
      if (i) text(box, say("gradient_line"), right, top - 10, { class: "name", "text-anchor": "end" });
      else text(box, say("stream_line"), left + 8, top - 10, { class: "name" });
    }
  }

  return { compute, numbers, draw };
};
