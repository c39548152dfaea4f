/* The panel of the Init Lab: controls, address, stories, pictures and words. What it says comes from the catalogue. */
(() => {
  "use strict";
  const root = document.getElementById("lab");
  if (!root) return;
  const element = (name) => document.getElementById(`lab-${name}`);
  const words = JSON.parse(element("words").textContent), chapters = JSON.parse(element("chapters").textContent);
  const data = labData, drawing = labDrawing(), network = labUnits(drawing), python = labPython(data), { number } = labSvg();
  const NAMES = Object.keys(data.defaults), STATISTICS = ["z_rms", "across_sample_std", "delta_rms", "delta_median", "weight_grad_rms", "saturated", "dead"];
  const SHARES = ["saturated", "dead"], FACTOR = 1000; // a signal is lost, or explodes, where it has changed by this
  const form = element("controls"), stories = [...element("stories").querySelectorAll("a")], slider = element("layer"), opening = data.stories[data.opening];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  let state = { ...opening }, answer = { id: 0, measured: {}, theory: {}, units: { forward: [], backward: [] } }, layer = 1;

  /* ---- workers: one text, started from memory, since a page opened as a file may not start one from a file ---- */
  const source = [labNumerics, labTheory, labNetwork, labWorker].join("\n");
  const address = URL.createObjectURL(new Blob([`${source}\nonmessage = ({ data }) => labWorker(self, data);`]));
  function start(listener) {
    const worker = new Worker(address);
    worker.postMessage(data);
    worker.onmessage = ({ data: message }) => listener(message);
    return worker;
  }

  /* ---- controls ---- */
  const own = (initializer) => data.initializers[initializer].distribution ?? "normal";
  const ranged = (name) => name in data.ranges;

  function proper(name, text) { // a value of a control, or undefined
    if (name === "bn") return ["1", "true", "on"].includes(text) ? 1 : ["0", "false", "off"].includes(text) ? 0 : undefined;
    if (!ranged(name)) return [...form.elements[name].options].some((option) => option.value === text) ? text : undefined;
    const [least, most, step] = data.ranges[name], value = Number(text);
    if (text === "" || Number.isNaN(value)) return undefined;
    return +(Math.round(Math.min(most, Math.max(least, value)) / step) * step).toFixed(4);
  }

  function show() { // the state in the controls
    for (const name of NAMES) {
      const input = form.elements[name];
      if (name === "bn") input.checked = Boolean(state.bn);
      else if (document.activeElement !== input || input.type !== "number") input.value = state[name];
      if (input.type === "range") {
        const text = name === "gain" ? `×${state.gain.toFixed(2)}` : String(state[name]);
        input.nextElementSibling.textContent = text;
        input.setAttribute("aria-valuetext", text);
      }
    }
    why(form.elements.distribution, element("distribution-why"), data.initializers[state.initializer].distribution ? "" : words.no_distribution);
    element("rest").textContent = `${form.elements.initializer.selectedOptions[0].text}, ${words.controls.width} ${state.width}`;
    slider.max = state.depth;
    look(layer);
    tell();
    element("bench-code").textContent = python.bench(state);
  }

  /* What cannot be used says why, in sight and to a screen reader; with no reason it can be used. */
  function why(control, note, reason) {
    control.disabled = Boolean(reason);
    control.title = note.textContent = reason;
    control.setAttribute("aria-describedby", note.id);
  }

  /* ---- stories ---- */
  const equal = (one, other, but) => NAMES.every((name) => name === but || one[name] === other[name]);
  const toldStory = () => Object.keys(data.stories).find((name) => equal(data.stories[name], state)) ?? "";

  function tell() {
    const name = toldStory(), told = equal(state, opening, "gain") ? data.opening : name, box = element("told"); // its gain is to be dragged
    for (const each of stories) each.dataset.story === name ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current");
    if (box.dataset.told === told) return;
    box.dataset.told = told;
    box.replaceChildren(piece(told ? words.stories[told].text : words.own_text), " ");
    const chapter = chapters[data.chapters[told]];
    if (!chapter) return;
    const anchor = document.createElement("a");
    anchor.href = chapter.href;
    anchor.textContent = chapter.title;
    box.append(anchor);
  }

  /* ---- address ---- */
  let later = 0;
  function link() {
    const url = new URL(location.href);
    url.hash = "";
    url.search = new URLSearchParams(NAMES.map((name) => [name, state[name]]));
    if (race.text()) url.searchParams.set("race", race.text());
    return url;
  }
  function remember() { // browsers refuse an address that changes all the time
    clearTimeout(later);
    later = setTimeout(() => {
      const url = link();
      url.hash = location.hash;
      history.replaceState(history.state, "", url);
    }, 300);
  }

  function read() {
    const asked = new URLSearchParams(location.search), told = data.stories[asked.get("preset")];
    const found = { ...(NAMES.some((name) => asked.has(name)) ? data.defaults : opening), ...told };
    for (const name of NAMES) {
      const value = asked.has(name) ? proper(name, asked.get(name)) : undefined;
      if (value === undefined) continue;
      found[name] = value;
      if (name === "initializer" && !asked.has("distribution")) found.distribution = own(value);
    }
    state = Object.fromEntries(NAMES.map((name) => [name, found[name]]));
    return (asked.has("race") && race.read(asked.get("race"))) || told?.race || data.race;
  }

  /* ---- answers ---- */
  const theory = () => answer.theory, measured = () => answer.measured;
  const marks = (list) => list.map(([name, mark]) => ({ name, mark }));
  const forward = drawing.layers(element("forward"), marks([["across_sample_std", "ring"], ["z_rms", "dot"]]), words, look);
  const backward = drawing.layers(element("backward"), marks([["weight_grad_rms", "square"], ["delta_median", "ring"], ["delta_rms", "dot"]]), words, look);
  const units = { forward: network(element("up"), look), backward: network(element("down"), look) };
  let fates = { forward: null, backward: null };

  /* What becomes of sizes relative to 1, layer by layer in the order given: the first that is lost or explodes. */
  function fate(sizes, numbers) {
    for (let i = 0; i < sizes.length; i++) {
      if (!(sizes[i] <= FACTOR)) return { kind: "explodes", layer: numbers[i] };
      if (sizes[i] < 1 / FACTOR) return { kind: sizes[i] === 0 ? "zero" : "lost", layer: numbers[i] };
    }
    return { kind: "lives", layer: numbers.at(-1), size: sizes.at(-1) };
  }

  function judge() {
    const { depth } = state, { across_sample_std: spread, z_rms: size, delta_rms: delta } = measured();
    const up = Array.from({ length: depth }, (_, i) => i + 1), down = [...up].reverse();
    if (spread?.length === depth) {
      const [first, second] = [fate(spread, up), fate(size, up)];
      const lost = ["lost", "zero"].includes(first.kind);
      const exploded = second.kind === "explodes" && !(lost && first.layer < second.layer);
      fates.forward = exploded ? second : lost ? first : { kind: "lives", layer: depth, size: spread.at(-1) };
    }
    if (delta?.length === depth && down.every((l) => delta[l - 1] !== undefined)) {
      const top = delta[depth - 1];
      fates.backward = top > 0 ? fate(down.map((l) => delta[l - 1] / top), down) : { kind: "none", layer: depth };
    }
  }

  function region(direction) {
    const { kind, layer: place } = fates[direction] ?? {};
    if (!kind || kind === "lives") return null;
    const [from, to] = direction === "forward" ? [place, state.depth] : [1, place];
    const exploded = kind === "explodes"; // its word stands where no dots are
    return { from, to, word: exploded ? words.exploded : words.lost, right: direction === "forward", low: exploded };
  }

  function draw(back = true) { // the units of the way back only where they are new
    const common = { depth: state.depth, measured: measured(), theory: theory(), cursor: layer };
    const many = element("seen").elements.seen.value === "many", top = measured().delta_rms?.[state.depth - 1];
    forward({ ...common, region: region("forward") });
    backward({ ...common, region: region("backward") });
    units.forward({ ...common, sizes: answer.units.forward.map((each) => each[many ? "spreads" : "one"]) });
    if (back) units.backward({ ...common, sizes: Array.from(answer.units.backward, (each) => each?.[many ? "sizes" : "one"].map((size) => size / top)) });
    const value = (name, values) => (values?.[layer - 1] === undefined ? "–" : (SHARES.includes(name) && !Number.isNaN(values[layer - 1]) ? drawing.percent : number)(values[layer - 1]));
    for (const name of STATISTICS) {
      element(`measured-${name}`).textContent = value(name, measured()[name]);
      element(`theory-${name}`).textContent = theory()[name] ? value(name, theory()[name]) : "";
    }
  }

  /* A text with its subscripts, σ_w, as an element. */
  function piece(text, tag = "span") {
    const box = document.createElement(tag), make = (part) => Object.assign(document.createElement("sub"), { textContent: part });
    box.append(...text.split(/_(\w)/).map((part, i) => (i % 2 ? make(part) : part)));
    return box;
  }
  const pieces = (texts, tag) => texts.map((text) => piece(text, tag));

  let quiet = 0;
  function say() { // in words, when the hand rests: a screen reader reads it out
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      if (!fates.forward || !fates.backward) return;
      const sentence = (direction) => fill(words[direction === "forward" ? "up" : "down"][fates[direction].kind], {
        layer: fates[direction].layer, size: number(fates[direction].size ?? 0),
      });
      const sentences = ["forward", "backward"].map(sentence), place = element("verdict");
      if (place.textContent !== sentences.join("")) place.replaceChildren(...pieces(sentences));
    }, 150);
  }

  function hush() { // of what was stopped
    clearTimeout(quiet);
    const known = measured().z_rms?.length ?? 0;
    element("verdict").replaceChildren(piece(fill(words.stopped, { layer: known, depth: state.depth })));
  }

  function law(scale, chi) {
    const { initializer, distribution, width } = state, { kind } = data.initializers[initializer];
    const std = number(scale), edge = number(scale * Math.sqrt(3));
    const drawn = { constant: `W = ${std}`, orthogonal: `WᵀW = ${number(scale * scale * width)} I` }[kind] ??
      { normal: `W ~ N(0, ${std}²)`, uniform: `W ~ U(±${edge})`, truncated_normal: fill(words.truncated, { std }) }[distribution];
    const sigma = `σ_w = √n·σ = ${number(scale * Math.sqrt(width))}`;
    element("law").replaceChildren(...pieces([drawn, sigma, `χ = ${number(chi)}`], "samp"));
  }

  function heard(message) {
    if (message.id !== asked) return;
    if (message.stage === "histograms") return histograms(message.histograms);
    if (answer.id !== message.id) { // the backward pass is the old one until the new one is there
      const { delta_rms, delta_median, weight_grad_rms } = answer.measured;
      answer = { id: message.id, measured: { delta_rms, delta_median, weight_grad_rms }, theory: {}, units: { forward: [], backward: answer.units.backward } };
      fates = { forward: null, backward: null };
      element("backward").classList.add("stale");
    }
    Object.assign(answer.measured, message.measured);
    Object.assign(answer.theory, message.theory);
    answer.units.forward = message.units.forward;
    if (message.stage === "forward") law(message.scale, message.theory.chi);
    const back = Boolean(message.measured.delta_rms);
    if (back) element("backward").classList.remove("stale"), (answer.units.backward = message.units.backward);
    judge();
    draw(back);
    root.dataset.stage = message.stage;
    element("progress").value = message.progress ?? 1;
    if (message.stage === "backward") say();
    if (["done", "stopped"].includes(message.stage)) clearTimeout(patience), (element("work").hidden = true);
    if (message.stage === "stopped") hush();
    if (message.stage === "done") worker.postMessage({ does: "look", looked: shown() }); // another layer was chosen meanwhile
  }
  const worker = start(heard);

  let asked = 0, patience = 0;
  function ask() {
    root.dataset.stage = "asked";
    clearTimeout(patience);
    patience = setTimeout(() => (element("work").hidden = false), 400); // who waits longer sees how far it is
    worker.postMessage({ does: "propagate", id: ++asked, state, looked: shown() });
  }

  /* ---- inside: a layer of one's choice, and histograms of a few, the chosen one among them ---- */
  const panels = [], place = element("histograms");
  const fitting = (width) => (width < 560 ? 4 : 5);
  let room = fitting(place.clientWidth); // at a move, to ask for the width would be a layout that the answer waits for
  new ResizeObserver(([{ contentRect }]) => (room = fitting(contentRect.width))).observe(place);

  function shown() {
    const { depth } = state, count = Math.min(depth, room);
    const numbers = Array.from({ length: count }, (_, i) => (count > 1 ? Math.round(1 + i / (count - 1) * (depth - 1)) : 1));
    const nearest = numbers.reduce((best, each, i) => (Math.abs(each - layer) < Math.abs(numbers[best] - layer) ? i : best), 0);
    numbers[nearest] = layer;
    return numbers;
  }

  function look(chosen) {
    layer = chosen;
    slider.value = chosen;
    slider.setAttribute("aria-valuetext", fill(words.layer_number, { layer }));
    slider.nextElementSibling.textContent = chosen;
    element("numbers").textContent = fill(words.layer_number, { layer });
    if (answer.id === asked && answer.id) {
      draw();
      worker.postMessage({ does: "look", looked: shown() });
    }
  }

  function histograms(list) {
    while (panels.length > list.length) panels.pop().box.remove();
    list.forEach((found, i) => {
      if (!panels[i]) {
        const box = document.createElement("figure"), caption = document.createElement("figcaption");
        const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        svg.setAttribute("role", "img");
        box.append(caption, svg);
        place.append(box);
        panels.push({ box, caption, svg, draw: drawing.histogram(svg) });
      }
      const { box, caption, svg, draw: put } = panels[i], at = found.number;
      box.classList.toggle("chosen", at === layer);
      const share = (name) => measured()[name]?.[at - 1];
      const notes = SHARES.filter((name) => share(name) >= 0 && (name === "saturated" || share(name) > 0));
      const text = fill(words.layer_number, { layer: at });
      const note = notes.map((name) => `${words[name]} ${drawing.percent(share(name))}`).join(" · ");
      caption.replaceChildren(text, document.createElement("br"), Object.assign(document.createElement("span"), { textContent: note || "\u00a0" }));
      svg.setAttribute("aria-label", fill(words.histogram_alt, { layer: at, low: number(found.low), high: number(found.high) }));
      put(found);
    });
  }

  /* ---- race ---- */
  const racers = Array.from({ length: navigator.hardwareConcurrency > 1 ? 2 : 1 }, (_, i) => start((message) => race.heard(message, i)));
  const race = labRace({ data, words, workers: racers, drawing, python, changed: () => remember(), current: () => state });

  /* ---- hands ---- */
  function change() {
    layer = Math.min(layer, state.depth);
    ask(); // the worker computes while the controls are written
    show();
    remember();
  }

  form.addEventListener("input", ({ target: { name, value, checked } }) => {
    const wanted = name === "bn" ? Number(checked) : proper(name, value);
    if (wanted === undefined || wanted === state[name]) return;
    state = { ...state, [name]: wanted };
    if (name === "initializer") state.distribution = own(wanted);
    change();
  });
  form.addEventListener("change", () => show()); // a number that was typed and is out of range
  slider.addEventListener("input", () => look(Number(slider.value)));
  element("redraw").addEventListener("click", () => {
    state = { ...state, seed: (state.seed + 1) % (data.ranges.seed[1] + 1) };
    change();
  });
  element("reset").addEventListener("click", () => {
    state = { ...opening };
    race.set(data.race);
    change();
  });
  element("stories").addEventListener("click", (event) => { // a story is a link, and here the page need not be left for it
    const name = event.target.dataset.story;
    if (!name || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { race: lanes, ...told } = data.stories[name];
    state = told;
    if (lanes) race.set(lanes);
    layer = Math.ceil(state.depth / 2);
    change();
    const { top, bottom } = element("told").getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) element("told").scrollIntoView({ block: "center" });
  });
  element("stop").addEventListener("click", () => worker.postMessage({ does: "stop" }));
  element("seen").addEventListener("change", () => draw());
  element("send").addEventListener("click", ({ target: { value } }) => {
    if (value) element("sent").textContent = fill(words.sent, { letter: race.send(Number(value)) });
  });
  for (const each of root.querySelectorAll("form")) each.addEventListener("submit", (event) => event.preventDefault());

  function copies(name, text) {
    const button = element(name), label = button.textContent;
    button.addEventListener("click", () => {
      const said = (word) => (button.textContent = word);
      window.winit.copy(text()).then(() => said(words.script.copied), () => said(words.script.copy_failed));
      setTimeout(said, 2000, label);
    });
  }
  copies("link", () => {
    const told = toldStory(), short = told && !race.text(data.stories[told].race);
    return short ? `${link().href.split("?")[0]}?preset=${told}` : link().href;
  });
  copies("python", () => python.bench(state));
  copies("race-python", () => race.code());

  const lanes = read();
  layer = Math.ceil(state.depth / 2);
  show();
  ask();
  race.set(lanes);
  clearTimeout(later); // nothing has changed yet
  const section = document.getElementById(location.hash.slice(1));
  if (root.contains(section)) section.scrollIntoView()
})();
