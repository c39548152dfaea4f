/* The language switch leads to the section the reader is in: section names are the same in every edition. */
(() => {
  "use strict";
  const sections = () => [...document.querySelectorAll("main section[id]")];

  function currentSection() {
    const middle = window.innerHeight / 3;
    return sections().filter((section) => section.getBoundingClientRect().top <= middle).at(-1);
  }

  function point(event) {
    const link = event.target.closest("a.language-switch");
    if (!link) return;
    const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const target = named && inView(named) ? named : currentSection();
    link.hash = target && window.scrollY > 0 ? target.id : "";
  }

  function inView(element) {
    const box = element.getBoundingClientRect();
    return box.bottom > window.innerHeight / 3 && box.top < window.innerHeight;
  }

  // before the click is followed, and before a new tab or “copy link” reads the address
  for (const type of ["pointerdown", "focusin", "click", "contextmenu"]) document.addEventListener(type, point, true);
})();
