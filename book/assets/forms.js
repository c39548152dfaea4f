/* Guesses and exercises: options that can be clicked, fields that are judged as in Python (judge.js), all remembered on this
   device (memory.js). What a reader types is only ever a value of a field. */
(() => {
  "use strict";
  const { memory } = window.winit;
  const words = JSON.parse(document.getElementById("winit-words").textContent);
  const language = document.documentElement.lang;

  function element(tag, className, text = "") {
    return Object.assign(document.createElement(tag), { className, textContent: text });
  }

  /* ---- a guess: the choice opens the answer ---- */
  for (const guess of document.querySelectorAll(".guess")) {
    const right = Number(guess.dataset.right);
    const labels = JSON.parse(guess.dataset.labels);
    const list = guess.querySelector(".options");
    const said = element("p", "said");
    said.setAttribute("role", "status");
    const buttons = [...list.children].map((item, place) => {
      const button = Object.assign(element("button", "option"), { type: "button" });
      const label = element("span", "label");
      const paragraph = item.children.length === 1 && item.firstElementChild.matches("p") ? item.firstElementChild : item;
      label.append(...paragraph.childNodes);
      button.append(label, element("span", "note"));
      if (label.querySelector(".math")) button.setAttribute("aria-label", labels[place]); // a button's name is plain text
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        choose(place);
        said.textContent = place === right ? `✓ ${words.right}` : `✗ ${words.wrong}`;
        said.className = place === right ? "said right" : "said wrong";
        memory.set("guesses", guess.id, place);
      });
      item.replaceChildren(button);
      return button;
    });

    function choose(chosen) {
      buttons.forEach((button, place) => {
        const notes = [place === right && words.the_right, place === chosen && words.chosen].filter(Boolean);
        const mark = place === right ? "✓ " : place === chosen ? "✗ " : "";
        button.setAttribute("aria-pressed", String(place === chosen));
        button.classList.toggle("right", place === right);
        button.classList.toggle("wrong", place === chosen && place !== right);
        const note = mark + notes.join(" · ");
        button.querySelector(".note").textContent = note;
        if (button.hasAttribute("aria-label")) button.setAttribute("aria-label", `${labels[place]} ${note}`.trim());
      });
      guess.querySelector("details.answer").open = true;
    }

    guess.classList.add("live");
    list.after(said);
    const before = memory.get("guesses", guess.id);
    if (Number.isInteger(before) && before in buttons) choose(before);
  }

  /* ---- an exercise: one field a value, judged at once ---- */
  for (const form of document.querySelectorAll(".exercise > form.fields")) {
    const exercise = form.parentElement;
    const record = JSON.parse(form.querySelector("script").textContent);
    const inputs = [...form.querySelectorAll("input, select, textarea")];
    const output = form.querySelector("output");
    const answers = () => inputs.map((input) => input.value);

    function say(mark, text) {
      output.textContent = `${mark} ${text}`.trim();
      output.className = { "✓": "right", "✗": "wrong" }[mark] ?? "";
    }

    function finish() {
      memory.set("done", exercise.id, true);
      form.querySelector(".done").hidden = false;
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      memory.set("answers", exercise.id, answers());
      if (record.parts) {
        const { mark, text } = window.winitJudge(record, answers(), language);
        say(mark, text);
        if (mark === "✓") finish();
      } else if (answers().some((answer) => answer.trim())) {
        exercise.querySelector("details.rubric").open = true;
        say("", words.compare);
        finish();
      } else {
        say("…", "");
      }
    });
    form.addEventListener("input", () => say("", "")); // the verdict is about another answer
    form.addEventListener("change", () => memory.set("answers", exercise.id, answers()));

    const before = memory.get("answers", exercise.id);
    inputs.forEach((input, place) => {
      const answer = Array.isArray(before) ? before[place] : undefined;
      if (typeof answer !== "string") return;
      input.value = answer;
      if (input.selectedIndex === -1) input.selectedIndex = 0; // a choice that there was once
    });
    form.querySelector(".done").hidden = memory.get("done", exercise.id) !== true;
    form.hidden = false;
  }
})();
