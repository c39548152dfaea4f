/* The first page, to those who come back: where they were, what they did, and a way to forget it. */
(() => {
  "use strict";
  const { memory } = window.winit;
  const box = document.querySelector(".again");
  const course = JSON.parse(box.querySelector("script").textContent);
  const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);

  function show() {
    const page = own(course, memory.get("reading", "page") ?? "");
    const all = Object.values(course).flatMap(({ exercises }) => exercises);
    const done = all.filter((name) => memory.get("done", name) === true);
    box.hidden = !page && !done.length;
    if (page) {
      const name = memory.get("reading", "section") ?? "";
      const section = own(page.sections, name);
      const link = box.querySelector("a");
      link.textContent = section ? `${page.title} · ${section}` : page.title;
      link.href = `${memory.get("reading", "page")}.html${section ? `#${name}` : ""}`;
    }
    box.querySelector(".place").hidden = !page;
    const count = box.querySelector(".count");
    count.hidden = !all.length;
    count.textContent = count.dataset.text.replace("{done}", done.length).replace("{all}", all.length);
  }

  const button = box.querySelector("button");
  button.addEventListener("click", () => {
    if (!window.confirm(button.dataset.sure)) return;
    memory.forget();
    show();
    const title = document.querySelector("h1"); // the button is gone, and the focus with it
    title.tabIndex = -1;
    title.focus();
  });
  show();
  window.addEventListener("pageshow", (event) => event.persisted && show());
})();
