/* Pictures of the Init Lab, as SVG: theory is a line, measurement is dots. Colours are in lab.css. */
function labDrawing() {
  "use strict";
  const { decade, number, make, text, canvas, stroke, dots, ticks } = labSvg();
  const STEPS = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200]; // decades between two lines of the grid
  const SIDES = { left: 46, right: 12 }; // of a chart over the layers
  const percent = (share) => `${share > 0 && share < 0.001 ? "<0.1" : +(100 * share).toPrecision(share < 0.1 ? 2 : 3)}%`;
  const logarithms = (values) => values.map((value) => (value > 0 && value < Infinity ? Math.log10(value) : NaN));

  /* Whole multiples of a step around the values, at least two decades; the old limits stay while they still fit. */
  function limits(values, old, lines = 5) {
    let low = Infinity, high = -Infinity;
    for (const value of values) low = value < low ? value : low, high = value > high ? value : high;
    if (!(low <= high)) [low, high] = [0, 0];
    low -= 0.12, high += 0.12;
    if (old && low >= old.low && high <= old.high && high - low > 0.45 * (old.high - old.low)) return old;
    let step;
    const snap = (size) => [size * Math.floor(low / size), size * Math.ceil(high / size)];
    for (step of STEPS) if ((snap(step)[1] - snap(step)[0]) / step <= lines) break;
    [low, high] = snap(step);
    if (high - low < 2) low = high - 2;
    return { low, high, step };
  }

  /* Some statistics over the layers, on a log axis. `draw({ depth, measured, theory, cursor, region })`, arrays by name;
     region is `{ from, to, word, right, low }`, the layers that are lost and where the word for it stands. `pick(layer)`
     hears where one clicks. */
  function layers(svg, marks, words, pick) {
    const margin = { ...SIDES, top: 8, bottom: 22 };
    let range = null, place = null;
    const grid = make("g", { class: "grid" }, svg), shade = make("rect", { class: "lost" }, svg);
    const told = make("text", { class: "lost-word" }, svg), cursor = make("path", { class: "cursor" }, svg);
    const lines = make("g", { class: "lines" }, svg), points = make("g", { class: "points" }, svg);
    const drawn = marks.map(({ name, mark }) => ({
      name, mark,
      line: make("path", { class: `line ${name}` }, lines),
      dots: make("path", { class: `${mark} ${name}` }, points),
      hole: mark === "ring" ? make("path", { class: "hole" }, points) : null,
    }));

    function draw({ depth, measured, theory, cursor: layer, region }, width, height) {
      const values = marks.map(({ name }) => logarithms(measured[name] ?? []));
      const known = marks.map(({ name }) => logarithms(theory[name] ?? []));
      range = limits([...values, ...known].flat(), range, height < 160 ? 3 : 5);
      const right = width - margin.right, bottom = height - margin.bottom;
      const span = right - margin.left, { x, step, layerAt } = columns(depth, width);
      const y = (v) => margin.top + (range.high - v) / (range.high - range.low) * (bottom - margin.top);
      place = layerAt;
      const xs = Array.from({ length: depth }, (_, i) => x(i + 1)), size = Math.max(2.6, Math.min(6.5, 0.8 * span / depth));

      grid.replaceChildren();
      for (let tick = range.low; tick <= range.high + 1e-9; tick += range.step) {
        make("path", { d: `M${margin.left},${y(tick).toFixed(1)}H${right}` }, grid);
        text(grid, decade(tick), margin.left - 6, y(tick) + 4, { "text-anchor": "end" });
      }
      for (const tick of ticks(depth, Math.max(3, span / 60))) text(grid, tick, x(tick), bottom + 17, { "text-anchor": "middle" });
      text(grid, words.layer_axis, margin.left - 6, bottom + 17, { "text-anchor": "end", class: "axis" });

      const [from, to] = region ? [x(region.from) - step / 2, x(region.to) + step / 2] : [0, 0];
      const left = Math.max(from, margin.left);
      const box = { x: left, y: margin.top, width: Math.max(0, Math.min(to, right) - left), height: bottom - margin.top };
      for (const key in box) shade.setAttribute(key, box[key].toFixed(1));
      told.textContent = region && box.width > 60 ? region.word : "";
      told.setAttribute("x", (region?.right ? left + box.width - 8 : left + 8).toFixed(1));
      told.setAttribute("y", region?.low ? bottom - 8 : margin.top + 16);
      told.setAttribute("text-anchor", region?.right ? "end" : "start");
      cursor.setAttribute("d", layer ? `M${x(layer).toFixed(1)},${margin.top}V${bottom}` : "");

      drawn.forEach((mark, i) => {
        const heights = values[i].map(y), dotted = dots(xs.slice(0, heights.length), heights);
        const thick = mark.mark === "dot" ? size : 0.9 * size;
        mark.line.setAttribute("d", stroke(xs, known[i].map(y)));
        mark.dots.setAttribute("d", dotted);
        mark.dots.setAttribute("stroke-width", thick.toFixed(1));
        mark.hole?.setAttribute("d", dotted);
        mark.hole?.setAttribute("stroke-width", Math.max(thick - 2.6, 0.6).toFixed(1));
      });
    }

    picked(svg, () => place, pick);
    return canvas(svg, draw);
  }

  /* Where a layer stands from left to right, in charts and in the network above them, and which one is there. */
  function columns(depth, width) {
    const span = width - SIDES.left - SIDES.right, step = depth > 1 ? (span - 12) / (depth - 1) : span;
    const first = SIDES.left + (depth > 1 ? 6 : span / 2);
    const layerAt = (x) => Math.min(depth, Math.max(1, Math.round(1 + (x - first) / step)));
    return { step, x: (layer) => first + (layer - 1) * step, layerAt };
  }

  /* `pick(layer)` hears which layer a pointer is on that is down. */
  function picked(picture, place, pick) {
    const hear = (event) => place() && pick(place()(event.clientX - picture.getBoundingClientRect().left));
    picture.addEventListener("pointerdown", hear);
    picture.addEventListener("pointermove", (event) => event.buttons && hear(event));
  }

  /* One histogram; heights are square roots of shares, so that a spike does not hide the rest. */
  function histogram(svg) {
    const bars = make("path", { class: "bars" }, svg), base = make("path", { class: "base" }, svg), labels = make("g", {}, svg);
    return canvas(svg, ({ counts, low, high }, width, height) => {
      const bottom = height - 18, largest = Math.max(...(counts ?? [1]));
      let d = `M0,${bottom}`;
      (counts ?? []).forEach((count, i) => {
        d += `V${(bottom - Math.sqrt(count / largest) * (bottom - 4)).toFixed(1)}H${((i + 1) / counts.length * width).toFixed(1)}`;
      });
      bars.setAttribute("d", counts ? `${d}V${bottom}Z` : "");
      base.setAttribute("d", `M0,${bottom}H${width}`);
      labels.replaceChildren();
      text(labels, number(low), 0, height - 4);
      if (high !== low) text(labels, number(high), width, height - 4, { "text-anchor": "end" });
    });
  }

  /* Curves over the steps of a race; each `{ letter, points: [x, y] … }` has its letter at its end. */
  function curves(svg, { log, words }) {
    const margin = { left: 46, right: 24, top: 8, bottom: 22 };
    const grid = make("g", { class: "grid" }, svg), lines = make("g", { class: "curves" }, svg);
    let range = null;
    return canvas(svg, ({ lanes, most }, width, height) => {
      const right = width - margin.right, bottom = height - margin.bottom;
      const read = (value) => (log ? Math.log10(value) : value);
      range = log ? limits(lanes.flatMap(({ points }) => points.map(([, value]) => read(value))).filter(Number.isFinite), range) : { low: 0, high: 1, step: 0.25 };
      const x = (step) => margin.left + step / most * (right - margin.left);
      const y = (value) => margin.top + (range.high - value) / (range.high - range.low) * (bottom - margin.top);
      grid.replaceChildren();
      for (let tick = range.low; tick <= range.high + 1e-9; tick += range.step) {
        make("path", { d: `M${margin.left},${y(tick).toFixed(1)}H${right}` }, grid);
        text(grid, log ? decade(tick) : `${100 * tick}%`, margin.left - 6, y(tick) + 4, { "text-anchor": "end" });
      }
      for (let tick = 0; tick <= most; tick += most / 4) text(grid, tick, x(tick), bottom + 17, { "text-anchor": "middle" });
      text(grid, words.step_axis, margin.left - 8, bottom + 17, { "text-anchor": "end", class: "axis" });
      lines.replaceChildren();
      const ends = [];
      for (const { letter, points } of lanes) {
        const seen = points.filter(([, value]) => Number.isFinite(read(value)));
        if (!seen.length) continue;
        const xs = seen.map(([step]) => x(step)), ys = seen.map(([, value]) => y(read(value)));
        make("path", { class: `curve lane-${letter}`, d: stroke(xs, ys) || "" }, lines);
        ends.push({ letter, x: xs.at(-1), y: ys.at(-1) });
      }
      ends.sort((a, b) => a.y - b.y);
      ends.forEach((end, i) => i && (end.y = Math.max(end.y, ends[i - 1].y + 13)));
      ends.reverse().forEach((end, i) => (end.y = Math.min(end.y, bottom, i ? ends[i - 1].y - 13 : Infinity)));
      for (const end of ends) text(lines, end.letter, end.x + 6, end.y + 4, { class: `letter lane-${end.letter}` });
    });
  }

  return { percent, columns, picked, layers, histogram, curves };
}
