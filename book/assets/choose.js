/* Which initialization: looks the answer up that choose.py has made, and keeps the question in the address. */
(() => {
  "use strict";
  const { matters, lines, texts, answers } = window.winitChoose;
  const form = document.querySelector("form.choose");
  const answer = document.querySelector(".answer");
  const names = [...new Set([...form.elements].map(({ name }) => name).filter(Boolean))];
  const controls = form.querySelectorAll("fieldset, select");
  for (const control of controls) control.disabled = false; // until now, because they do nothing without a script
  const first = Object.fromEntries(new FormData(form));

  function show() {
    const layer = form.elements.layer.value;
    const question = matters[layer].map((name) => form.elements[name].value);
    const [words, code] = answers[question.join(" ")];
    answer.querySelector(".words").innerHTML = words.map((text) => `<p>${texts[text]}</p>`).join("\n");
    answer.querySelector("pre").innerHTML = code.map((line) => `${lines[line]}\n`).join("");
    answer.querySelector(".highlight-python").hidden = !code.length;
    for (const name of names) form.querySelector(`.choose-${name}`).classList.toggle("unused", !matters[layer].includes(name));
    for (const control of controls) control.disabled = control.closest(".unused") !== null;
    form.querySelector(".note").hidden = matters[layer].length === names.length;
  }

  function remember() {
    const changed = names.filter((name) => form.elements[name].value !== first[name]);
    const state = new URLSearchParams(changed.map((name) => [name, form.elements[name].value]));
    history.replaceState(null, "", changed.length ? `?${state}` : location.pathname);
  }

  /* Only a value that a control has is taken from the address. */
  function read() {
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (!names.includes(name)) continue;
      const control = form.elements[name];
      const known = [...(control.options ?? control)].some((choice) => choice.value === value);
      if (known) control.value = value;
    }
  }

  form.addEventListener("input", () => {
    show();
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  read();
  show();
})();
