/* The page of misconceptions shows those that hold every word of the field. An address that names one shows it. */
(() => {
  "use strict";
  const box = document.querySelector(".misconception-filter");
  const field = box.querySelector("input");
  const count = box.querySelector("output");
  const rows = [...document.querySelectorAll(".misconception")];
  const plain = (text) => text.normalize("NFC").toLowerCase();

  function show() {
    const words = plain(field.value).split(/\s+/);
    for (const row of rows) {
      const text = plain(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of new Set(rows.map((row) => row.parentElement))) {
      group.hidden = !group.querySelector(".misconception:not([hidden])");
    }
    const left = rows.filter((row) => !row.hidden).length;
    count.textContent = count.dataset.text.replace("{shown}", left).replace("{all}", rows.length);
  }

  function reveal() {
    const named = document.getElementById(location.hash.slice(1));
    if (!named?.closest("[hidden]")) return;
    field.value = "";
    show();
    named.scrollIntoView();
  }

  field.addEventListener("input", show);
  window.addEventListener("hashchange", reveal);
  box.hidden = false;
  show(); // a browser may restore what was typed when a page is loaded again
  reveal();
})();
