/* What the pages of the course do beside the theme. Plain script, no requests; what it says comes from the catalogue. */
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("winit-words").textContent);

  /* ---- what the address names, if anything ---- */
  function named() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null; // no text that was encoded
    }
  }

  /* ---- the language switch leads to the section the reader is in: section names are the same in every edition ---- */
  function inView(element) {
    const box = element.getBoundingClientRect();
    return box.bottom > window.innerHeight / 3 && box.top < window.innerHeight;
  }

  function point(event) {
    const link = event.target.closest?.("a.language-switch");
    if (!link) return;
    const asked = named(), target = asked && inView(asked) ? asked : window.winit.section();
    link.search = location.search; // what the explorers show
    link.hash = target && window.scrollY > 0 ? target.id : "";
  }

  // before the click is followed, and before a new tab or “copy link” reads the address
  for (const type of ["pointerdown", "focusin", "click", "contextmenu"]) document.addEventListener(type, point, true);

  /* ---- a copy button on code, not on outputs ---- */
  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = Object.assign(document.createElement("textarea"), { value: text }); // plain http, other than localhost
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("copy");
  }
  window.winit = { copy, named }; // for lab-panel.js and reading.js

  for (const block of document.querySelectorAll("div[class*=highlight-]:not(.output) > .highlight")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => {
      const said = (text) => {
        button.textContent = text;
        button.classList.toggle("done", text !== words.copy);
      };
      copy(block.querySelector("pre").textContent.trimEnd()).then(() => said(words.copied), () => said(words.copy_failed));
      setTimeout(said, 2000, words.copy);
    });
    block.append(button);
  }

  /* ---- what is wider than the column scrolls in its own box, by keyboard too, and says so ---- */
  const boxes = document.querySelectorAll(
    ".bd-article :is(.math > .scroll, .math.long, .drawing, .pst-scrollable-table-container, pre, .output)",
  );
  function measure() {
    const wide = [...boxes].map((box) => box.scrollWidth > box.clientWidth); // all is read before anything is written
    for (const [i, box] of boxes.entries()) {
      for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": words.scroll })) {
        wide[i] ? box.setAttribute(name, value) : box.removeAttribute(name);
      }
    }
  }

  window.addEventListener("load", measure);
  window.addEventListener("resize", measure);
  document.addEventListener("toggle", measure, true); // what a fold hides has no width

  /* ---- paper: light, and unfolded but for the plumbing ---- */
  let before;
  window.addEventListener("beforeprint", () => {
    const folded = [...document.querySelectorAll(".bd-article details:not([open], .hide)")];
    before = { theme: document.documentElement.dataset.theme, folded };
    document.documentElement.dataset.theme = "light";
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.dataset.theme = before.theme;
    for (const details of before.folded) details.open = false;
  });
})();
