/* While one reads: which section that is, folds that open for what leads into them, how much code is in sight. */
(() => {
  "use strict";
  const { memory, named } = window.winit;
  const page = document.getElementById("winit-words").dataset.page;
  const isChapter = /^\d/.test(page);

  /* ---- the section being read is the last one above a line at a third of the window; near the end of the page the line
     sinks to its lower edge, so that the last sections have their turn ---- */
  const sections = [...document.querySelectorAll("main section[id]")];

  function current() {
    const height = window.innerHeight;
    const left = document.documentElement.scrollHeight - height - window.scrollY;
    const line = height / 3 + Math.max(0, (2 * height) / 3 - Math.max(0, left));
    const top = (section) => section.getBoundingClientRect().top;
    const asked = named();
    if (sections.includes(asked) && top(asked) >= -1 && top(asked) <= line) return asked;
    return sections.filter((section) => !section.parentElement.closest("details:not([open])") && top(section) <= line).at(-1);
  }
  window.winit.section = current; // for the language switch

  const outline = new Map([...document.querySelectorAll("#page-toc a[href^='#']")].map((link) => [link.hash.slice(1), link]));
  let read;

  function follow() {
    const section = current();
    if (section === read) return;
    read = section;
    let listed = section;
    while (listed && !outline.has(listed.id)) listed = listed.parentElement.closest("section[id]");
    for (const [id, link] of outline) {
      const here = id === listed?.id;
      link.classList.toggle("active", here);
      here ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    }
    for (const entry of document.querySelectorAll("#page-toc li")) {
      entry.classList.toggle("active", entry.contains(outline.get(listed?.id) ?? null));
    }
    if (isChapter) {
      memory.set("reading", "page", page);
      memory.set("reading", "section", listed?.id ?? "");
    }
  }

  let waiting = false;
  function soon() {
    if (!waiting) requestAnimationFrame(() => ((waiting = false), follow()));
    waiting = true;
  }
  for (const type of ["scroll", "resize", "hashchange", "load"]) window.addEventListener(type, soon);
  document.addEventListener("toggle", soon, true);

  /* ---- what a link, an address or a search hit leads to is not left in a closed fold; what the browser's own search finds
     there it opens itself ---- */
  function reveal() {
    const target = named();
    const closed = [];
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      if (!fold.open) closed.push(fold);
    }
    const inner = target?.matches("section.deeper") ? target.querySelector(":scope > details:not([open])") : null;
    if (inner) closed.push(inner);
    for (const fold of closed) fold.open = true;
    if (closed.length) target.scrollIntoView();
  }

  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    // the address does not change where it names the target already
    if (event.target.closest?.("a[href]")?.href === location.href) setTimeout(reveal);
  });
  reveal();

  /* ---- code: the key cells, all, or none ---- */
  const choices = document.querySelector(".code-switch");
  if (choices) {
    const inputs = [...choices.elements].filter((input) => input.type === "radio");
    const plumbing = [...document.querySelectorAll(".bd-article .cell.tag_hide-input > details.hide")];

    const show = (choice) => {
      document.documentElement.dataset.code = choice;
      for (const fold of plumbing) fold.open = choice === "all";
    };
    for (const input of inputs) {
      input.addEventListener("change", () => {
        const before = choices.getBoundingClientRect().top;
        show(input.value);
        window.scrollBy(0, choices.getBoundingClientRect().top - before);
        memory.set("reading", "code", input.value);
      });
    }
    const remembered = inputs.find((input) => input.value === memory.get("reading", "code")) ?? inputs[0];
    remembered.checked = true;
    if (remembered.value !== "key") show(remembered.value);
    choices.disabled = false;
  }
})();
