/* Chapter 02: the connections of a one-dimensional convolution, and the fans counted by poking. A unit is [position, channel]. */
(window.winitLive ??= {}).fans = (say) => {
  "use strict";
  const POSITIONS = 7, START = [3, 0]; // the unit whose connections are shown
  const { make, text } = labSvg();

  const units = (channels) => Array.from({ length: POSITIONS * channels }, (_, i) => [i % POSITIONS, Math.floor(i / POSITIONS)]);

  function compute({ kernel, inputs, outputs, groups }) {
    const record = { inputs: units(inputs), outputs: units(outputs), summed: [], fed: [] };
    if (inputs % groups || outputs % groups) return { ...record, impossible: say("groups_must_divide") };
    const before = Math.floor(kernel / 2), group = (channel, channels) => Math.floor(channel / (channels / groups));
    const connected = ([x, c], [y, d]) => x >= y - before && x < y - before + kernel && group(c, inputs) === group(d, outputs);
    return {
      ...record,
      fan_in: kernel * inputs / groups,
      fan_out: kernel * outputs / groups,
      summed: record.inputs.filter((input) => connected(input, START)),
      fed: record.outputs.filter((output) => connected(START, output)),
    };
  }

  function numbers({ impossible, fan_in, fan_out, summed, fed }) {
    return impossible ?? { fan_in: `${fan_in}`, fan_out: `${fan_out}`, counted: `${summed.length}, ${fed.length}` };
  }

  /* One panel: rows of output units above, of input units below, and the lines that lead from one of them. */
  function panel(svg, record, { sums, left, top, width, height }) {
    const { inputs, outputs, summed, fed } = record, reached = sums ? summed : fed;
    const step = (width - 24) / POSITIONS, low = top + height - 74, high = top + 88;
    const x = ([position, channel]) => left + 8 + (position + 0.3) * step + 5 * channel;
    const above = (unit) => [x(unit), high - 13 * unit[1]], below = (unit) => [x(unit), low + 13 * unit[1]];
    const [near, far] = sums ? [above, below] : [below, above], [x0, y0] = near(START);
    const box = make("g", { class: sums ? "forward" : "backward" }, svg);
    text(box, say(sums ? "one_sums" : "one_feeds"), left + 8, top + 16, { class: "title" });
    text(box, say("outputs"), left + 8, high - 13 * (outputs.at(-1)[1] + 1) - 2);
    text(box, say("inputs"), left + 8, low + 13 * (inputs.at(-1)[1] + 1) + 12);
    const lines = reached.map(far).map(([x1, y1]) => `M${x0.toFixed(1)},${y0.toFixed(1)}L${x1.toFixed(1)},${y1.toFixed(1)}`);
    make("path", { class: "connection", d: lines.join("") }, box);
    const joined = new Set(reached.map(far).map(String));
    for (const [cx, cy] of [...inputs.map(below), ...outputs.map(above)]) {
      const on = joined.has(String([cx, cy])), start = cx === x0 && cy === y0, half = start ? 6 : 4.5;
      const place = { x: cx - half, y: cy - half, width: 2 * half, height: 2 * half, rx: 1.5 };
      make("rect", { class: start ? "unit start" : on ? "unit on" : "unit", ...place }, box);
    }
    if (reached.length) {
      const count = `${say(sums ? "fan_in" : "fan_out")} ${reached.length}`;
      text(box, count, x0 + 0.75 * step, y0 + (sums ? 26 : -18), { class: "count" });
    }
  }

  function draw(svg, record, width, height) {
    const wide = width > 500, size = wide ? { width: width / 2 - 12, height } : { width, height: height / 2 };
    panel(svg, record, { sums: true, left: 0, top: 0, ...size });
    panel(svg, record, { sums: false, left: wide ? width / 2 + 12 : 0, top: wide ? 0 : height / 2, ...size });
  }

  return { compute, numbers, draw };
};
