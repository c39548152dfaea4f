/* What pictures are made of, in the lab and in live explorers: elements of SVG, lines, dots, numbers at an axis. */
function labSvg() {
  "use strict";
  const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  const raised = (n) => (n < 0 ? "⁻" : "") + [...String(Math.abs(n))].map((digit) => SUPERSCRIPTS[digit]).join("");

  const decade = (n) => (n >= -2 && n <= 3 ? String(+(10 ** n).toFixed(2)) : `10${raised(n)}`);

  /* A number to some digits, as one writes it: 0.71, 35, 3.2 · 10⁻⁸. */
  function number(value, digits = 3) {
    if (Number.isNaN(value)) return "–";
    if (!Number.isFinite(value)) return "∞";
    if (value === 0) return "0";
    const [mantissa, power] = value.toExponential(digits - 1).split("e");
    return power >= -3 && power < 4 ? String(+value.toPrecision(digits)) : `${+mantissa}\u00a0·\u00a010${raised(+power)}`;
  }

  function make(name, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    parent?.append(element);
    return element;
  }

  /* A text; what follows an underscore is an index: σ_w. */
  function text(parent, content, x, y, attributes = {}) {
    const box = make("text", { x: x.toFixed(1), y: y.toFixed(1), ...attributes }, parent), [line, index] = String(content).split("_");
    box.textContent = line;
    if (index) make("tspan", { dy: "0.25em", "font-size": "75%" }, box).textContent = index;
  }

  /* What is drawn again when the box gets another size. */
  function canvas(svg, draw) {
    let latest = null, width = 0, height = 0;
    const again = () => {
      if (!latest || !width) return;
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      draw(latest, width, height);
    };
    new ResizeObserver(() => {
      if (svg.clientWidth === width && svg.clientHeight === height) return;
      [width, height] = [svg.clientWidth, svg.clientHeight];
      again();
    }).observe(svg);
    return (content) => ((latest = content), again());
  }

  /* A line that is broken where there is no value; and dots, strokes of no length. */
  const stroke = (xs, ys) => {
    let d = "", pen = "M";
    for (let i = 0; i < xs.length; i++) {
      if (Number.isNaN(ys[i]) || ys[i] === undefined) pen = "M";
      else d += `${pen}${xs[i].toFixed(1)},${ys[i].toFixed(1)}`, pen = "L";
    }
    return d;
  };
  const dots = (xs, ys) => xs.map((x, i) => (Number.isNaN(ys[i]) || ys[i] === undefined ? "" : `M${x.toFixed(1)},${ys[i].toFixed(1)}h0`)).join("");

  function ticks(most, count) {
    const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((size) => most / size <= count) ?? most;
    const found = step === 1 ? [] : [1];
    for (let tick = step; tick <= most; tick += step) found.push(tick);
    return found;
  }

  return { raised, decade, number, make, text, canvas, stroke, dots, ticks };
}
