/* Chapter 09: a tanh network as a point in the plane of both scales, with the critical line, and what mean-field theory says
   of the length of a signal and of the correlation of two inputs, layer by layer. */
(window.winitLive ??= {}).maps = (say) => {
  "use strict";
  const NAME = "tanh", LAYERS = 20, STARTS = [0, 0.9], LONGEST = 10; // 3² + 1² is the largest first length
  const PLANE = { w: [0.4, 3.1], b: [-0.04, 1.04] };
  const { moments, between } = labTheory(labTables, labNumerics(labTables)), { make, text, stroke } = labSvg();

  /* The length that stays: V(q)/q falls with q, so that its root is bracketed; without biases a small signal dies out. */
  function rest(w2, b2) {
    const grows = (log) => (w2 * moments(NAME, Math.exp(log)).square + b2) / Math.exp(log) > 1 + 1e-12;
    let low = -60, high = Math.log(w2 + b2);
    if (!grows(low)) return 0;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (grows(middle)) low = middle;
      else high = middle;
    }
    return Math.exp(high);
  }

  function compute({ sigma_w, sigma_b }) {
    const w2 = sigma_w ** 2, b2 = sigma_b ** 2, lengths = [w2 + b2];
    while (lengths.length < LAYERS) lengths.push(w2 * moments(NAME, lengths.at(-1)).square + b2);
    const correlations = STARTS.map((start) => {
      const distances = [w2 * (1 - start) / lengths[0]]; // 1 - c: the biases are common to both
      for (let l = 1; l < LAYERS; l++) distances.push(w2 * between(NAME, lengths[l - 1], distances[l - 1]).variance / lengths[l]);
      return distances.map((distance) => 1 - distance);
    });
    const length = rest(w2, b2);
    return { sigma_w, sigma_b, lengths, correlations, length, chi: w2 * moments(NAME, length).slope };
  }

  function numbers({ length, chi }) {
    return { length, chi, depth_scale: Math.abs(chi - 1) < 1e-6 ? "∞" : 1 / Math.abs(Math.log(chi)) };
  }

  /* On the critical line χ = 1 gives σ_w² = 1/E f'² and the fixed point σ_b² = q - E f²/E f'²: q runs along it. */
  let edge;
  function critical() {
    if (edge) return edge;
    edge = [[1, 0]];
    for (let i = 1; edge.at(-1)[1] < PLANE.b[1]; i++) {
      const q = (i / 25) ** 2, { square, slope } = moments(NAME, q);
      edge.push([slope ** -0.5, Math.sqrt(q - square / slope)]);
    }
    return edge;
  }

  const long = (word) => [...word].reduce((sum, letter) => sum + (letter > "\u1100" ? 13 : 7.5), 0);

  function draw(svg, record, width, height) {
    const beside = width >= 450, right = width - 12, bottom = height - 40;
    const middle = beside ? 0.46 * width : right, from = beside ? middle + 56 : 40;
    const cuts = beside ? [bottom, 26, 0.4 * height, 0.4 * height + 42] : [0.4 * height, 0.4 * height + 68, 0.64 * height, 0.64 * height + 42];
    const place = ([x0, x1], [y0, y1], [low, high], [bottom_value, top_value]) => ({
      x: (value) => x0 + (value - low) / (high - low) * (x1 - x0),
      y: (value) => y1 - (value - bottom_value) / (top_value - bottom_value) * (y1 - y0),
      x0, x1, y0, y1,
    });
    const plane = place([40, middle], [26, cuts[0]], PLANE.w, PLANE.b);
    const layers = [0.5, LAYERS + 0.5];
    const length = place([from, right], [cuts[1], cuts[2]], layers, [0, LONGEST]);
    const pair = place([from, right], [cuts[3], bottom], layers, [0, 1]);

    const grid = make("g", { class: "grid" }, svg);
    function axes({ x, y, x0, x1, y0, y1 }, name, heights, columns) {
      for (const tick of heights) {
        make("path", { d: `M${x0},${y(tick).toFixed(1)}H${x1}` }, grid);
        text(grid, tick, x0 - 8, y(tick) + 4, { "text-anchor": "end" });
      }
      make("path", { d: `M${x0},${y1}H${x1}` }, grid);
      for (const tick of columns) text(grid, tick, x(tick), y1 + 18, { "text-anchor": "middle" });
      text(grid, name, x0 - 40, y0 - 12);
    }
    axes(plane, say("sigma_b"), [0, 0.5, 1], [0.5, 1, 2, 3]);
    axes(length, say("length_axis"), [0, 5, 10], []);
    axes(pair, say("correlation_axis"), [0, 0.5, 1], [1, 5, 10, 15, 20]);
    text(grid, say("sigma_w"), plane.x1, plane.y1 + 35, { "text-anchor": "end" });
    text(grid, say("layer_axis"), right, bottom + 35, { "text-anchor": "end" });

    const line = critical(), back = make("g", { class: "backward" }, svg);
    make("path", { class: "line", d: stroke(line.map(([w]) => plane.x(w)), line.map(([, b]) => plane.y(b))) }, back);
    text(grid, say("ordered_phase"), plane.x(0.5), plane.y(0.82), { class: "title" });
    text(grid, say("chaotic_phase"), plane.x1 - 6, plane.y(0.3), { class: "title", "text-anchor": "end" });

    const [ink, front] = ["ink", "forward"].map((name) => make("g", { class: name }, svg));
    const xs = record.lengths.map((_, i) => pair.x(i + 1));
    make("path", { class: "line", d: stroke(xs, record.lengths.map(length.y)) }, front);
    record.correlations.forEach((c, i) => make("path", { class: "line", d: stroke(xs, c.map(pair.y)) }, [ink, front][i]));
    const words = [say("unrelated_pair"), say("alike_pair")];
    text(front, words[1], right, pair.y0 - 12, { class: "name", "text-anchor": "end" });
    text(ink, words[0], right - long(words[1]) - 10, pair.y0 - 12, { class: "name", "text-anchor": "end" });
    make("circle", { class: "dot", r: 7, cx: plane.x(record.sigma_w), cy: plane.y(record.sigma_b) }, ink);
  }

  return { compute, numbers, draw };
};
