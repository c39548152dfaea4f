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

  const names = [
    { kind: "forward", title: say("one_sums"), fan: say("fan_in") },
    { kind: "backward", title: say("one_feeds"), fan: say("fan_out") },
  ];

  /* One panel: rows of output units above, of input units below, and the lines that lead from one of them. */
  function panel(svg, record, { left, top, width, height }, i) {
    const { inputs, outputs } = record, reached = i ? record.fed : record.summed, { kind, title, fan } = names[i];
    const step = width / POSITIONS, high = top + 76, low = top + height - 56; // channel 0 of outputs and inputs
    const x = ([position, channel]) => left + 6 + position * step + 0.22 * step * channel;
    const above = (unit) => [x(unit), high - 7 * unit[1]], below = (unit) => [x(unit), low + 7 * unit[1]];
    const [near, far] = i ? [below, above] : [above, below], [x0, y0] = near(START);
    const box = make("g", { class: kind }, svg);
    text(box, title, left, top + 16, { class: "title" });
    text(box, say("outputs"), left, high - 7 * outputs.at(-1)[1] - 14);
    text(box, say("inputs"), left, low + 7 * inputs.at(-1)[1] + 24);
    const lines = reached.map(far).map(([x1, y1]) => `M${x0.toFixed(1)},${y0.toFixed(1)}L${x1.toFixed(1)},${y1.toFixed(1)}`);
    make("path", { class: "connection", d: lines.join("") }, box);
    const joined = new Set(reached.map(far).map(String));
    for (const [cx, cy] of [...inputs.map(below), ...outputs.map(above)]) {
      const on = joined.has(String([cx, cy])), start = cx === x0 && cy === y0, half = start ? 6 : 4.5;
      const place = { x: cx - half, y: cy - half, width: 2 * half, height: 2 * half, rx: 1.5 };
      make("rect", { class: start ? "unit start" : on ? "unit on" : "unit", ...place }, box);
    }
    if (reached.length) text(box, `${fan} ${reached.length}`, left + width, (high + low) / 2 + 5, { class: "count", "text-anchor": "end" });
  }

  function draw(svg, record, width, height) {
    const wide = width > 500, size = wide ? { width: width / 2 - 20, height } : { width, height: height / 2 };
    panel(svg, record, { left: 0, top: 0, ...size }, 0);
    panel(svg, record, { left: wide ? width / 2 + 20 : 0, top: wide ? 0 : height / 2, ...size }, 1);
  }

  return { compute, numbers, draw };
};
