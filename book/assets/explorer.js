/* Explorers. Of most, every picture comes when a reader comes near, and a move chooses one; live ones are computed and drawn
   here, by the functions of live-<name>.js. The address holds the state, in names that are the same in every edition:
   ?fans.kernel=5#fig-fans */
(() => {
  "use strict";
  const PATIENCE = { writes: 40, seconds: 10 }; // browsers ignore or refuse an address that changes more often

  /* ---- controls: the value, what it is called in the address, and how one takes a text from there ---- */
  function listed(input, { values }) {
    const take = (text) => values.includes(text) && (input.value = values.indexOf(text));
    return { input, take, read: () => values[input.value] };
  }

  function ranged(input, { first, last, whole, log }) {
    const span = log ? Math.log(last / first) : 1;
    const inside = (value) => Math.min(last, Math.max(first, value));
    const put = (value) => (input.value = log ? Math.log(value / first) / span : value);

    function read() {
      const value = log ? first * Math.exp(span * input.value) : +input.value;
      return whole ? Math.round(value) : +value.toPrecision(3);
    }

    function take(text) {
      const value = text ? Number(text) : NaN;
      if (value === inside(value) && (!whole || Number.isInteger(value))) put(value);
    }

    if (log) { // of the keys a browser knows for a slider, only Home and End suit this scale
      const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
      input.addEventListener("keydown", (event) => {
        const step = steps[event.key];
        if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        const one = whole && Math.abs(step) === 1 ? read() + step : read() * Math.exp(span * step / 100);
        put(inside(one));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
    return { input, take, read };
  }

  /* ---- pictures: given a choice and its alternative text, they show it and return the numbers, or why there are none ---- */
  function framed(figure, { name, states, controls, pictures }, say) {
    const picture = figure.querySelector("img"), lists = Object.entries(controls);
    let wanted;
    function put() {
      const frames = window.winitFrames?.[name];
      if (frames) picture.src = `data:image/webp;base64,${frames[wanted]}`;
      else fetchScript(pictures, put);
    }
    return (choice, alt) => {
      const state = lists.reduce((index, [key, { values }]) => index * values.length + values.indexOf(choice[key]), 0);
      const [frame, numbers] = states[state];
      wanted = frame;
      picture.alt = alt;
      put();
      return numbers ?? say("impossible");
    };
  }

  const fetched = new Map();
  function fetchScript(src, then) {
    if (!fetched.has(src)) {
      fetched.set(src, Object.assign(document.createElement("script"), { src }));
      document.head.append(fetched.get(src));
    }
    if (then) fetched.get(src).addEventListener("load", then, { once: true });
  }

  function live(figure, { name }, say) {
    const { compute, draw, numbers } = window.winitLive[name](say), { make, canvas } = labSvg();
    const svg = make("svg", { role: "img" });
    figure.querySelector("img").replaceWith(svg);
    const redraw = canvas(svg, (record, ...size) => (svg.replaceChildren(), draw(svg, record, ...size)));
    return (choice, alt) => {
      const record = compute(choice), said = numbers(record);
      svg.setAttribute("aria-label", alt);
      redraw(record);
      return typeof said === "string" ? said : Object.fromEntries(Object.entries(said).map(([key, value]) => [key, short(value)]));
    };
  }

  /* A number as Python writes it in the format .3g; a text as it is. */
  function short(value) {
    if (typeof value !== "number") return value;
    const [digits, power] = value.toExponential(2).split("e");
    if (power >= -4 && power < 3) return String(+value.toPrecision(3));
    return `${+digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }

  for (const figure of document.querySelectorAll("figure.explorer")) {
    const data = JSON.parse(figure.querySelector("script").textContent), { name, controls, words, alt } = data;
    const [fieldset, output] = ["fieldset", "output"].map((tag) => figure.querySelector(tag));
    const all = Object.entries(controls).map(([key, control]) => ({ key, ...("values" in control ? listed : ranged)(fieldset.elements[key], control) }));
    const say = (text) => words[text] ?? text;
    const asked = ({ key }) => `${name}.${key}`;

    function number([label, content]) {
      const [box, strong] = ["span", "b"].map((tag) => document.createElement(tag));
      strong.textContent = say(content);
      box.append(`${say(label)} `, strong);
      return box;
    }

    let shown, picture;
    function show() {
      const choice = Object.fromEntries(all.map(({ key, read }) => [key, read()])), state = JSON.stringify(choice);
      if (state === shown) return false;
      shown = state;
      picture ??= (data.live ? live : framed)(figure, data, say);
      const told = Object.entries(choice).map(([key, value]) => `${say(key)} ${say(value)}`).join(", ");
      output.style.minHeight = `${output.offsetHeight}px`; // what follows must not jump
      const numbers = picture(choice, `${alt} (${told})`);
      output.replaceChildren(...(typeof numbers === "string" ? [numbers] : Object.entries(numbers).map(number)));
      for (const { key, input } of all.filter(({ input: { type } }) => type === "range")) {
        input.setAttribute("aria-valuetext", choice[key]);
        input.nextElementSibling.textContent = choice[key];
      }
      return true;
    }

    let times = [], later;
    function write() {
      const address = new URL(location.href);
      for (const control of all) address.searchParams.set(asked(control), control.read());
      address.hash = figure.id;
      history.replaceState(history.state, "", address);
    }

    function remember() {
      clearTimeout(later);
      times = times.filter((time) => performance.now() - time < 1000 * PATIENCE.seconds);
      if (times.length < PATIENCE.writes) times.push(performance.now()), write();
      else later = setTimeout(write, 500);
    }

    function take(state) {
      for (const control of all) control.take(state.get(asked(control)));
    }

    all.forEach((control, i) => control.take(data.start[i]));
    const address = new URLSearchParams(location.search);
    take(address);
    if (all.some((control) => address.has(asked(control)))) show();
    else { // in time, but not before somebody comes near
      new IntersectionObserver((seen, observer) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        data.live ? show() : fetchScript(data.pictures);
      }, { rootMargin: "100%" }).observe(figure);
    }
    figure.addEventListener("move", ({ detail }) => {
      take(detail);
      if (show()) remember();
    });
    for (const type of ["input", "change"]) fieldset.addEventListener(type, () => show() && remember());
    fieldset.disabled = false;
  }

  /* ---- a phrase sets the figure where it stands; the page stays where it is while most of the figure is in sight ---- */
  function inSight(figure) {
    const { top, bottom, height } = figure.getBoundingClientRect();
    const seen = Math.min(bottom, window.innerHeight) - Math.max(top, 64);
    return seen > 0.7 * Math.min(height, window.innerHeight - 64);
  }

  for (const link of document.querySelectorAll("a.move")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a new tab, which reads the address
      event.preventDefault();
      const figure = document.getElementById(link.hash.slice(1));
      for (let fold = figure.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      figure.dispatchEvent(new CustomEvent("move", { detail: new URL(link.href).searchParams }));
      if (!inSight(figure)) figure.scrollIntoView({ block: "center" });
    });
  }
})();
