/* What a term means, over the page while its link is pointed at or has the focus; Escape closes it. A finger opens it at the
   first touch and follows the link at the second. Plain script, no requests. */
(() => {
  "use strict";
  const EDGE = 8; // pixels between a tip and the edge of the window
  let open = null;
  let waiting = 0;

  function show(use) {
    clearTimeout(waiting);
    if (open === use) return;
    hide();
    open = use;
    use.querySelector(".gloss").hidden = false;
    place(use);
  }

  function place(use) {
    const tip = use.querySelector(".gloss");
    const [line] = use.querySelector("a").getClientRects();
    const box = tip.getBoundingClientRect();
    const left = Math.min(line.left, document.documentElement.clientWidth - box.width - EDGE);
    const top = line.top - box.height - 4;
    tip.style.left = `${Math.max(EDGE, left)}px`;
    tip.style.top = `${top < EDGE ? line.bottom + 4 : top}px`;
  }

  function hide() {
    clearTimeout(waiting);
    if (open) open.querySelector(".gloss").hidden = true;
    open = null;
  }

  for (const use of document.querySelectorAll(".term-use")) {
    let shown = false; // before the finger came down
    use.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(use));
    use.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && open === use) waiting = setTimeout(hide, 200); // the pointer may reach the tip
    });
    use.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && show(use));
    use.addEventListener("focusout", hide);
    use.addEventListener("pointerdown", () => {
      shown = open === use;
    });
    use.querySelector("a").addEventListener("click", (event) => {
      if (event.pointerType !== "touch" || shown) return;
      event.preventDefault();
      show(use);
    });
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => !open?.contains(event.target) && hide());
  // a link that gets the focus is scrolled into sight, and its tip with it
  const follow = () => open && (open.matches(":hover, :focus-within") ? place(open) : hide());
  addEventListener("scroll", follow, { passive: true });
})();
