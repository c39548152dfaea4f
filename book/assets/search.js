/* The page of search: what stands in search-index.js is shown while one types, with no server and no request. What is typed
 * becomes text and nothing else. */
(() => {
  "use strict";
  const SHOWN = 30, AROUND = 180; // hits, and letters of a summary
  let ranking; // from the index, which is loaded for the first query
  let asked = false;

  const input = document.querySelector(".bd-search-container .bd-search input");
  const summary = document.getElementById("search-summary"), list = document.getElementById("search-results");
  const say = JSON.parse(summary.dataset.words);

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function excerpt(text, found) {
    const { start } = ranking.densest(found, AROUND / 2);
    let from = start <= AROUND / 3 ? 0 : text.indexOf(" ", start - AROUND / 3) + 1, end = from + AROUND;
    if (from > start) from = start; // no space before the hit
    end = end >= text.length ? text.length : Math.max(text.lastIndexOf(" ", end), ...found.map((mark) => (mark.start < end ? mark.end : 0)));
    const pieces = [from ? "… " : ""];
    for (const mark of found.filter((one) => one.start >= from && one.end <= end)) {
      pieces.push(text.slice(from, mark.start), element("mark", "", text.slice(mark.start, mark.end)));
      from = mark.end;
    }
    return [...pieces, text.slice(from, end), end < text.length ? " …" : ""];
  }

  function entry({ part }, known) {
    const { parts, pages } = window.winitIndex, { marks } = ranking;
    const [page, anchor, title, prose] = parts[part];
    const link = element("a", "", title);
    link.href = `${page}.html#${anchor}`;
    // sphinx_highlight.js marks these words on the page that opens
    link.addEventListener("click", () => {
      const text = `${title} ${prose}`;
      const words = new Set(marks(text, known).map(({ start, end }) => text.slice(start, end).toLowerCase()));
      try {
        localStorage.setItem("sphinx_highlight_terms", [...words].join(" "));
      } catch {} // the device keeps nothing
    });
    const made = element("li", "", link);
    if (title !== pages[page]) made.append(element("span", "page", pages[page]));
    const context = element("p", "context", ...excerpt(prose, marks(prose, known)));
    if (title === anchor) context.lang = "en"; // the docstring of a name of the package
    if (prose) made.append(context);
    return made;
  }

  function load() {
    const script = element("script");
    script.src = "search-index.js";
    script.addEventListener("load", () => {
      ranking = sectionSearch(window.winitIndex);
      show();
    });
    document.head.append(script);
  }

  function show() {
    const query = input.value.trim();
    if (query && !ranking) {
      if (!asked) load();
      asked = true;
      return;
    }
    const { known, hits } = query ? ranking.search(query) : { hits: [] };
    const count = hits.length, shown = Math.min(count, SHOWN);
    list.replaceChildren(...hits.slice(0, SHOWN).map((hit) => entry(hit, known)));
    const text = count > shown ? say.best : count > 1 ? say.some : count ? say.one : say.none;
    summary.textContent = query ? text.replace("{count}", count).replace("{shown}", shown) : "";
    const address = new URL(location.href);
    query ? address.searchParams.set("q", query) : address.searchParams.delete("q");
    if (address.href !== location.href) history.replaceState(null, "", address);
  }

  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show();
  });
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.focus();
  input.select();
  show();
})();
