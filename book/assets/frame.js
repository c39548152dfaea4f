/* The frame of a page: colours, sidebars, search, menus. Instead of the scripts of Bootstrap and the themes, whose markup and
   styles it serves; without it the page can be read, and its buttons are not there. */
(() => {
  "use strict";
  const root = document.documentElement;
  const narrow = matchMedia("(max-width: 991.98px)");

  /* ---- colours: the head has decided (layout.html); the button goes on from there ---- */
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const own = () => (dark.matches ? "dark" : "light");

  function wear(mode) {
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? own() : mode;
    try {
      localStorage.setItem("mode", mode);
    } catch {
      // it lasts as long as the page
    }
  }

  dark.addEventListener("change", () => root.dataset.mode === "auto" && (root.dataset.theme = own()));
  document.querySelector(".theme-switch-button").addEventListener("click", () => {
    const modes = ["auto", ...(dark.matches ? ["light", "dark"] : ["dark", "light"])];
    wear(modes[(modes.indexOf(root.dataset.mode) + 1) % modes.length]);
  });

  /* ---- dialogs: a click beside them closes them, and Escape, which Sphinx would take from them ---- */
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
    dialog.addEventListener("click", ({ target, clientX, clientY }) => {
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      if (target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom)) dialog.close();
    });
  }

  /* ---- sidebars: beside the page where there is room, over it where there is none; the first can be put away ---- */
  function move(from, to) {
    to.append(...from.childNodes);
    to.classList.add(...from.classList);
    from.removeAttribute("class");
  }

  for (const side of ["primary", "secondary"]) {
    const [button, bar, dialog] = [`.${side}-toggle`, `#pst-${side}-sidebar`, `#pst-${side}-sidebar-modal`].map((name) => document.querySelector(name));
    button?.addEventListener("click", () => {
      if (side === "primary" && !narrow.matches) return bar.classList.toggle("pst-sidebar-hidden");
      move(bar, dialog);
      dialog.showModal();
    });
    dialog?.addEventListener("close", () => move(dialog, bar));
  }
  narrow.addEventListener("change", () => document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()));

  const current = document.querySelector("#pst-primary-sidebar .active a.current");
  if (current) { // the chapters' list shows where one is
    const bar = document.getElementById("pst-primary-sidebar");
    const below = current.getBoundingClientRect().top - bar.getBoundingClientRect().top;
    if (below > innerHeight / 2) bar.scrollTop = below - bar.clientHeight / 4;
  }

  /* ---- search: a field over the page, by button or Ctrl K ---- */
  const field = document.getElementById("pst-search-dialog");
  const onMac = /^(Mac|iP)/.test(navigator.platform);
  const seek = () => (field.open ? field.close() : field.showModal());
  for (const button of document.querySelectorAll(".search-button__button")) button.addEventListener("click", seek);
  for (const key of onMac ? document.querySelectorAll(".kbd-shortcut__modifier") : []) key.textContent = "⌘";
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey || !(onMac ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    seek();
  });

  /* ---- menus close when one turns to something else ---- */
  const menus = [...document.querySelectorAll("details.dropdown:has(> .dropdown-menu)")];
  const close = (left) => menus.filter((menu) => menu.open && left(menu)).forEach((menu) => (menu.open = false));
  document.addEventListener("click", ({ target }) => close((menu) => !menu.contains(target)));
  document.addEventListener("focusin", ({ target }) => close((menu) => !menu.contains(target)));
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    target.closest?.("details.dropdown[open]")?.querySelector("summary").focus();
    close(() => true);
  });

  /* ---- on the way up, a way to the top ---- */
  const up = document.getElementById("pst-back-to-top");
  let before = scrollY;
  up.addEventListener("click", () => scrollTo({ top: 0 }));
  addEventListener("scroll", () => {
    document.body.classList.toggle("scrolled", scrollY > 0);
    up.style.display = scrollY < before && scrollY > innerHeight ? "block" : "none";
    before = scrollY;
  }, { passive: true });
})();
