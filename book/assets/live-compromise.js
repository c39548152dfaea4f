/* Chapter 03: by which factors a linear layer multiplies the variance of signal and gradient, and where Xavier stands between
   the two conditions. One set of normal numbers serves every choice, so that a move changes what it names and nothing else. */
(window.winitLive ??= {}).compromise = (say) => {
  "use strict";
  const MOST = 800, SAMPLES = 200, PRODUCTS = 4e6, SEED = 3; // fewer samples where a layer is large: its units average, too
  const X = { low: 4e-4, high: 0.1 }, Y = { low: 0.02, high: 80 };
  const { generator, product, transposed, scale } = labNumerics(labTables), { make, text } = labSvg();

  let drawn;
  const pool = () => (drawn ??= [MOST * MOST, SAMPLES * MOST, SAMPLES * MOST].map((size, i) => generator(SEED, i).normals(size)));

  function variance(values) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  }

  /* The first rows and columns of an array with MOST columns. */
  function corner(array, rows, columns) {
    const part = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) part.set(array.subarray(i * MOST, i * MOST + columns), i * columns);
    return part;
  }

  function compute({ fan_in, fan_out }) {
    const samples = Math.min(SAMPLES, Math.ceil(PRODUCTS / (fan_in * fan_out))), [w, x, delta] = pool();
    const W = corner(w, fan_in, fan_out), variance_of_W = scale("glorot_normal", 1, fan_in, fan_out) ** 2;
    const forward = variance(product(corner(x, samples, fan_in), W, samples, fan_in, fan_out));
    const back = variance(product(corner(delta, samples, fan_out), transposed(W, fan_in, fan_out), samples, fan_out, fan_in));
    return { fans: [fan_in, fan_out], variance: variance_of_W, measured: [variance_of_W * forward, variance_of_W * back] };
  }

  function numbers({ fans, variance: one, measured }) {
    return {
      "Var[W]": one,
      forward_factor: fans[0] * one,
      backward_factor: fans[1] * one,
      factors_measured: measured.map((factor) => factor.toFixed(2)).join(", "),
    };
  }

  function draw(svg, { fans, variance: chosen, measured }, width, height) {
    const left = 40, right = width - 12, top = 26, bottom = height - 40;
    const part = (value, { low, high }) => Math.log(value / low) / Math.log(high / low);
    const x = (value) => left + part(value, X) * (right - left), y = (value) => bottom - part(value, Y) * (bottom - top);
    const at = (from, to) => `M${x(from[0]).toFixed(1)},${y(from[1]).toFixed(1)}L${x(to[0]).toFixed(1)},${y(to[1]).toFixed(1)}`;

    const grid = make("g", { class: "grid" }, svg);
    for (const tick of [0.1, 1, 10]) {
      make("path", { d: at([X.low, tick], [X.high, tick]), class: tick === 1 ? "one" : "" }, grid);
      text(grid, tick, left - 8, y(tick) + 4, { "text-anchor": "end" });
    }
    for (const tick of width < 450 ? [0.001, 0.01] : [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05]) {
      make("path", { d: `M${x(tick)},${bottom}v5` }, grid);
      text(grid, tick, x(tick), bottom + 18, { "text-anchor": "middle" });
    }
    make("path", { d: `M${left},${bottom}H${right}` }, grid);
    text(grid, say("factor_axis"), 0, 14);
    text(grid, "Var[W]", right, height - 5, { "text-anchor": "end" });

    make("path", { class: "xavier", d: `M${x(chosen)},${top}V${bottom}` }, svg);
    const late = x(chosen) > right - 60;
    text(svg, "Xavier", x(chosen) + (late ? -7 : 7), top + 12, { class: "xavier", "text-anchor": late ? "end" : "start" });

    const angle = -Math.atan((bottom - top) / Math.log(Y.high / Y.low) * Math.log(X.high / X.low) / (right - left));
    const upper = fans[0] >= fans[1] ? 0 : 1, names = [say("forward_line"), say("backward_line")];
    const halves = names.map((name) => 3.6 * [...name].reduce((sum, letter) => sum + (letter > "\u1100" ? 1.7 : 1), 0));
    const [back, front] = ["backward", "forward"].map((name) => make("g", { class: name }, svg)), groups = [front, back];
    const meet = Math.abs(x(1 / fans[0]) - x(1 / fans[1])) < 8;
    const sizes = [[5.5, 5], meet ? [9, 8] : [5.5, 5]]; // of ring and dot: where both directions meet, both are seen
    fans.forEach((n, i) => {
      const from = Math.max(X.low, Y.low / n), to = Math.min(X.high, Y.high / n), above = i === upper;
      make("path", { class: "line", d: at([from, n * from], [to, n * to]) }, groups[i]);
      // its words lie along the line, on the far side of the other one, as near to the outside as they fit
      const reach = halves[i] * Math.cos(angle) + 10, ends = [x(from) + reach, x(to) - reach];
      const middle = Math.max(ends[0], Math.min(ends[1], above ? x(7 / n) : x(0.13 / n)));
      const height_there = y(n * X.low) + Math.tan(angle) * (middle - left);
      const turned = `rotate(${(angle * 180 / Math.PI).toFixed(1)} ${middle.toFixed(1)} ${height_there.toFixed(1)})`;
      text(groups[i], names[i], middle, height_there + (above ? -8 : 18), { class: "name", transform: turned, "text-anchor": "middle" });
    });
    fans.forEach((n, i) => {
      const above = i === upper, place = { cx: x(1 / n), cy: y(1) };
      make("path", { class: "miss", d: at([chosen, 1], [chosen, measured[i]]) }, groups[i]);
      make("circle", { class: "ring", r: sizes[i][0], ...place }, groups[i]);
      make("circle", { class: "dot", r: sizes[i][1], cx: x(chosen), cy: y(measured[i]) }, groups[i]);
      const end = above || place.cx > right - 60, near = above ? place.cx - 10 : end ? right : place.cx + 10;
      text(groups[i], `1/${i ? say("fan_out") : say("fan_in")}`, near, place.cy + (above ? -10 : 21), { class: "name", "text-anchor": end ? "end" : "start" });
    });
  }

  return { compute, numbers, draw };
};
