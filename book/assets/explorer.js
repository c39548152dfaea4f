/* Explorers: every picture is already in the page, a move only chooses one. The address holds the state, in names that
   are the same in every edition: ?fans.kernel=5#fig-fans */
(() => {
  "use strict";
  const PATIENCE = { writes: 40, seconds: 10 }; // browsers ignore or refuse an address that changes more often

  for (const figure of document.querySelectorAll("figure.explorer")) {
    const { name, controls, states, frames, words, alt } = JSON.parse(figure.querySelector("script").textContent);
    const [fieldset, picture, output] = ["fieldset", "img", "output"].map((tag) => figure.querySelector(tag));
    const inputs = Object.keys(controls).map((control) => fieldset.elements[control]);
    const say = (text) => words[text] ?? text;
    const value = (input) => controls[input.name].values[input.value];
    const key = (input) => `${name}.${input.name}`;

    function number([label, content]) {
      const [box, strong] = ["span", "b"].map((tag) => document.createElement(tag));
      strong.textContent = say(content);
      box.append(`${say(label)} `, strong);
      return box;
    }

    let shown;
    function show() {
      const state = inputs.reduce((index, input) => index * controls[input.name].values.length + +input.value, 0);
      if (state === shown) return false;
      shown = state;
      const [frame, numbers] = states[state];
      const choice = inputs.map((input) => `${say(input.name)} ${say(value(input))}`).join(", ");
      output.style.minHeight = `${output.offsetHeight}px`; // what follows must not jump
      picture.src = `data:image/png;base64,${frames[frame]}`;
      picture.alt = `${alt} (${choice})`;
      output.replaceChildren(...(numbers ? Object.entries(numbers).map(number) : [say("impossible")]));
      for (const input of inputs.filter(({ type }) => type === "range")) {
        input.setAttribute("aria-valuetext", value(input));
        input.nextElementSibling.textContent = value(input);
      }
      return true;
    }

    let times = [], later;
    function write() {
      const address = new URL(location.href);
      for (const input of inputs) address.searchParams.set(key(input), value(input));
      address.hash = figure.id;
      history.replaceState(history.state, "", address);
    }

    function remember() {
      clearTimeout(later);
      times = times.filter((time) => performance.now() - time < 1000 * PATIENCE.seconds);
      if (times.length < PATIENCE.writes) times.push(performance.now()), write();
      else later = setTimeout(write, 500);
    }

    const address = new URLSearchParams(location.search);
    for (const input of inputs) {
      const asked = controls[input.name].values.indexOf(address.get(key(input)));
      if (asked >= 0) input.value = asked;
    }
    if (inputs.some((input) => address.has(key(input)))) show();
    for (const type of ["input", "change"]) fieldset.addEventListener(type, () => show() && remember());
    fieldset.disabled = false;
  }
})();
