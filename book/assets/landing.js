/* The first page: 50 ReLU layers under one slider. Weights g times He's multiply the signal by g in every layer, and the
   gradient on its way back, so the networks measured under He (shared/signal.js) tell every scale. */
(() => {
  "use strict";
  const DECADES = { low: -20, high: 12, step: 4 }; // one scale for every gain
  const figure = document.querySelector("figure.signal"), { number, make, text, canvas, stroke, dots, raised } = labSvg();
  const [slider] = figure.getElementsByTagName("input"), output = figure.querySelector("output");
  const words = JSON.parse(figure.querySelector("script").textContent);
  const { signal, gradient } = window.winitSignal, depth = signal[0].length;
  const layers = signal[0].map((_, i) => i + 1);

  function draw(board, gain, width, height) {
    board.replaceChildren();
    const left = 44, right = width - 12, top = 16, bottom = height - 34;
    const x = (layer) => left + 8 + (layer - 1) / (depth - 1) * (right - left - 16);
    const y = (value) => top + (DECADES.high - Math.log10(value)) / (DECADES.high - DECADES.low) * (bottom - top);

    const grid = make("g", { class: "grid" }, board);
    for (let power = DECADES.low; power <= DECADES.high; power += DECADES.step) {
      make("path", { d: `M${left},${y(10 ** power).toFixed(1)}H${right}`, class: power === 0 ? "one" : "" }, grid);
      text(grid, power ? `10${raised(power)}` : 1, left - 8, y(10 ** power) + 4, { "text-anchor": "end" });
    }
    for (const layer of [1, 10, 20, 30, 40, 50]) text(grid, layer, x(layer), bottom + 18, { "text-anchor": "middle" });
    text(grid, words.layer, (left + right) / 2, height - 2, { "text-anchor": "middle" });

    const factors = { forward: layers.map((l) => gain ** l), backward: layers.map((l) => gain ** (depth - l)) };
    const runs = { forward: signal, backward: gradient };
    for (const way of ["backward", "forward"]) {
      const box = make("g", { class: way }, board);
      make("path", { class: "line", d: stroke(layers.map(x), factors[way].map(y)) }, box);
      for (const run of runs[way]) make("path", { class: "dots", "stroke-width": 4, d: dots(layers.map(x), run.map((value, i) => y(value * factors[way][i]))) }, box);
    }
    const away = gain < 1 ? 22 : -12; // the words stand above the dying end, below the growing one
    const place = (value) => Math.min(bottom - 8, Math.max(top + 12, y(value) - away));
    text(board.querySelector(".forward"), words.signal, right - 8, place(gain ** depth) - (gain === 1 ? 12 : 0), { class: "name", "text-anchor": "end" });
    text(board.querySelector(".backward"), words.gradient, left + 10, place(gain ** (depth - 1)), { class: "name" });
  }

  const svg = make("svg", { role: "img" });
  figure.querySelector("img").replaceWith(svg);
  const redraw = canvas(svg, (gain, ...size) => draw(svg, gain, ...size));

  function show() {
    const gain = +slider.value, factor = number(gain ** depth, 2);
    redraw(gain);
    slider.setAttribute("aria-valuetext", gain.toFixed(2));
    svg.setAttribute("aria-label", words.alt.replace("{gain}", gain.toFixed(2)).replace("{factor}", factor));
    output.textContent = words.said.replace("{gain}", gain.toFixed(2)).replace("{factor}", factor);
    for (const button of figure.querySelectorAll("button")) button.setAttribute("aria-pressed", Math.abs(button.value - gain) < 0.005);
  }

  slider.addEventListener("input", show);
  for (const button of figure.querySelectorAll("button")) button.addEventListener("click", () => ((slider.value = button.value), show()));
  figure.querySelector("fieldset").disabled = false;
  show();
})();
