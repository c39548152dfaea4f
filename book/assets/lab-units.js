/* The network of the Init Lab, drawn as a network: a column of units for each layer, in step with the chart below. A unit is
   as bright as its signal is large, full at 1 and out at a thousandth; beyond 1 it swells, up to a thousand. */
function labUnits(drawing) {
  "use strict";
  const { columns, picked } = drawing, { canvas } = labSvg(), DECADES = 3, SHADES = 12, WIRED = 40; // pixels between two layers that leave room for wires

  const coloursOf = ({ color, outlineColor }) => ({ color, outlineColor }); // a style of the browser is alive

  /* `draw({ depth, sizes, cursor })`, sizes the list of a layer's units, or none; colours come from the style of the board. */
  return (board, pick) => {
    const pen = board.getContext("2d"), wires = document.createElement("canvas");
    let place = null, wired = "", colours = null; // of the theme; to ask for them is to have the whole page styled

    function draw({ depth, sizes, cursor }, width, height) {
      const { x, step, layerAt } = columns(depth, width);
      const { color, outlineColor } = (colours ??= coloursOf(getComputedStyle(board)));
      const dense = devicePixelRatio, count = sizes.find(Boolean)?.length ?? 0;
      const cell = height / Math.max(count, 6), radius = Math.max(0.8, Math.min(step, cell, 14) / 2 - 0.5);
      const y = (u) => height / 2 + (u - (count - 1) / 2) * cell;
      place = layerAt;
      for (const each of [board, wires]) {
        if (each.width === Math.round(width * dense) && each.height === Math.round(height * dense)) continue;
        [each.width, each.height, wired] = [Math.round(width * dense), Math.round(height * dense), ""];
      }
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      pen.clearRect(0, 0, width, height);

      const key = [depth, count, width, height, outlineColor].join();
      if (key !== wired) wire(depth, count, x, y, step, radius, outlineColor, dense), (wired = key);
      pen.drawImage(wires, 0, 0, width, height);
      const band = Math.min(Math.max(step, 4), 24);
      pen.fillStyle = outlineColor;
      pen.globalAlpha = 0.16;
      if (cursor) pen.fillRect(x(cursor) - band / 2, 0, band, height);

      const shades = Array.from({ length: SHADES + 1 }, () => []); // one path a shade
      sizes.forEach((layer, l) => layer?.forEach((size, u) => {
        const level = Math.log10(size) / DECADES; // -1 … 0 fades, 0 … 1 swells
        if (level > -1) shades[Math.ceil(SHADES * Math.min(1, 1 + level))].push(x(l + 1), y(u), radius * (0.7 + 0.3 * Math.min(1, Math.max(0, level))));
      }));
      pen.fillStyle = color;
      shades.forEach((dots, shade) => {
        if (!dots.length) return;
        pen.globalAlpha = shade / SHADES;
        pen.beginPath();
        for (let i = 0; i < dots.length; i += 3) pen.moveTo(dots[i] + dots[i + 2], dots[i + 1]), pen.arc(dots[i], dots[i + 1], dots[i + 2], 0, 7);
        pen.fill();
      });
      pen.globalAlpha = 1;
    }

    /* What does not change with the signal: the sockets of the units, and wires where there is room for them. */
    function wire(depth, count, x, y, step, radius, colour, dense) {
      const line = wires.getContext("2d");
      line.setTransform(dense, 0, 0, dense, 0, 0);
      line.clearRect(0, 0, wires.width, wires.height);
      line.strokeStyle = colour;
      line.lineWidth = 0.6;
      line.beginPath();
      if (step >= WIRED) {
        for (let l = 1; l < depth; l++) {
          for (let from = 0; from < count; from++) for (let to = 0; to < count; to++) line.moveTo(x(l), y(from)), line.lineTo(x(l + 1), y(to));
        }
      }
      line.globalAlpha = 0.18;
      line.stroke();
      line.globalAlpha = 0.4;
      line.beginPath();
      for (let l = 1; l <= depth; l++) {
        for (let u = 0; u < count; u++) line.moveTo(x(l) + 0.7 * radius, y(u)), line.arc(x(l), y(u), 0.7 * radius, 0, 7);
      }
      line.stroke();
    }

    picked(board, () => place, pick);
    const put = canvas(board, draw);
    let latest = null;
    new MutationObserver(() => {
      colours = null;
      if (latest) put(latest);
    }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return (content) => put((latest = content));
  };
}
