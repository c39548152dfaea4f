/* The page of claims shows one chapter's, or all. An address that names a claim shows all of them. */
(() => {
  "use strict";
  const [filter] = document.getElementsByClassName("claim-filter");
  const choice = filter.querySelector("select");

  function show() {
    for (const claim of document.querySelectorAll(".claim")) {
      claim.hidden = choice.value !== "" && !claim.classList.contains(choice.value);
    }
    for (const section of document.querySelectorAll("section section")) {
      section.hidden = !section.querySelector(".claim:not([hidden])");
    }
  }

  choice.addEventListener("change", show);
  window.addEventListener("hashchange", () => {
    const named = document.getElementById(location.hash.slice(1));
    if (!named?.closest("[hidden]")) return;
    choice.value = "";
    show();
    named.scrollIntoView();
  });
  filter.hidden = false;
  show(); // a browser may restore the choice when a page is loaded again
})();
