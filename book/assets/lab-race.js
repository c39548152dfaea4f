/* The race of the Init Lab: up to four lanes, their controls, curves and standing. The steps are made in a worker. */
function labRace(parts) {
  "use strict";
  const { data, words, workers, drawing, python, changed, current } = parts, { number } = labSvg();
  const LETTERS = "ABCD", MOST = 1000, STRIDE = 10; // lanes, steps, steps from one report to the next
  const form = document.getElementById("lab-race"), place = document.getElementById("lab-lanes");
  const template = document.getElementById("lab-lane");
  const [go, step, again, add, taken, standing, listing, why] = ["go", "step", "again", "add", "taken", "standing", "race-code", "race-why"].map(
    (name) => document.getElementById(`lab-${name}`),
  );
  const losses = drawing.curves(document.getElementById("lab-loss"), { log: true, words });
  const shares = drawing.curves(document.getElementById("lab-accuracy"), { log: false, words });
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let race = structuredClone(data.race), id = 0, going = false, steps = 0, awaited = 0, owed = 0, drawn = 0, reports = [];

  /* ---- lanes ---- */
  function show() {
    place.replaceChildren(...race.lanes.map((lane, i) => {
      const box = template.content.cloneNode(true).firstElementChild, { elements } = box;
      box.className = `lab-lane lane-${LETTERS[i]}`;
      box.querySelector("legend").textContent = words.lane.replace("{letter}", LETTERS[i]);
      for (const name of ["activation", "initializer", "gain"]) elements[name].value = lane[name];
      elements.bn.checked = Boolean(lane.bn);
      elements.remove.hidden = race.lanes.length === 1;
      elements.remove.setAttribute("aria-label", `${words.remove} ${LETTERS[i]}`);
      elements.remove.addEventListener("click", () => {
        race.lanes.splice(i, 1);
        renew();
        add.focus();
      });
      box.addEventListener("change", ({ target }) => {
        const { name } = target;
        lane[name] = name === "bn" ? Number(target.checked) : name === "gain" ? proper(target) : target.value;
        if (name === "initializer") lane.distribution = data.initializers[lane.initializer].distribution ?? "normal";
        line();
      });
      return box;
    }));
    for (const button of document.querySelectorAll("#lab-send button")) button.hidden = button.value > race.lanes.length;
    allow();
    for (const name of ["hidden", "units", "rate"]) {
      form.elements[name].value = race[name];
      told(form.elements[name]);
    }
  }

  function proper(input) {
    const [least, most] = data.ranges.gain, value = Math.min(most, Math.max(least, Number(input.value) || 1));
    return (input.value = value), value;
  }

  function told(input) {
    if (input.type === "range") input.nextElementSibling.textContent = input.value;
  }

  /* What can be pressed, and why the rest cannot. */
  function allow() {
    const done = steps >= MOST, full = race.lanes.length === LETTERS.length, reasons = new Map();
    if (done) reasons.set(go, words.race_over), reasons.set(step, words.race_over);
    else if (going) reasons.set(step, words.race_goes);
    if (full) reasons.set(add, words.race_full);
    go.textContent = going ? words.pause : words.start;
    for (const button of [go, step, add]) {
      button.disabled = reasons.has(button);
      button.title = reasons.get(button) ?? "";
      button.setAttribute("aria-describedby", why.id);
    }
    why.textContent = [...new Set(reasons.values())].join(" ");
  }

  /* ---- the workers: each has some of the lanes, and all make the same step ---- */
  const of = (k) => race.lanes.filter((_, i) => i % workers.length === k);

  function line() {
    going = false;
    steps = owed = 0;
    id++;
    ask((lanes) => ({ does: "line", ...race, lanes, seed: race.lanes[0].seed }));
    listing.textContent = python.race(race, MOST);
    standing.textContent = "";
    changed();
  }

  function ask(message) {
    reports = [];
    awaited = 0;
    workers.forEach((worker, k) => of(k).length && (awaited++, worker.postMessage({ id, ...message(of(k)) })));
  }

  /* On by what is wanted; while an answer is awaited, as soon as it is there. */
  function move() {
    const count = going ? STRIDE : owed;
    if (awaited || !count) return;
    owed = 0;
    ask(() => ({ does: "advance", to: Math.min(MOST, steps + count) }));
  }

  const renew = () => (show(), line());

  function heard(report, k) {
    if (report.id !== id) return;
    reports[k] = report.lanes;
    if (--awaited) return;
    steps = report.taken;
    if (steps >= MOST) going = false;
    const lanes = race.lanes.map((_, i) => reports[i % workers.length][Math.floor(i / workers.length)]);
    move();
    allow();
    taken.textContent = words.taken.replace("{steps}", steps).replace("{most}", MOST);
    picture(lanes);
  }

  function picture(lanes) {
    if (calm.matches && going && performance.now() - drawn < 900) return; // seldom, where motion is not wanted
    drawn = performance.now();
    const draw = (curve, points) => curve({ most: MOST, lanes: lanes.map((lane, i) => ({ letter: LETTERS[i], points: points(lane) })) });
    draw(losses, (lane) => lane.losses.map(({ at, loss }) => [at, loss]));
    draw(shares, (lane) => lane.accuracies.map(({ at, share }) => [at, share]));
    const texts = lanes.map((lane) => {
      if (lane.lost) return words.blown;
      const loss = lane.losses.at(-1)?.loss;
      const share = words.right.replace("{share}", drawing.percent(lane.accuracies.at(-1).share));
      return loss === undefined ? share : `${words.loss_now.replace("{loss}", number(loss))} · ${share}`;
    });
    place.querySelectorAll(".lab-standing").forEach((box, i) => (box.textContent = texts[i]));
    if (!going && steps) standing.textContent = texts.map((text, i) => `${LETTERS[i]}: ${text}.`).join(" ");
  }

  go.addEventListener("click", () => {
    going = !going;
    owed = 0;
    move();
    allow();
  });
  step.addEventListener("click", () => (owed++, move()));
  again.addEventListener("click", line);
  add.addEventListener("click", () => send(race.lanes.length));
  for (const name of ["hidden", "units", "rate"]) {
    const input = form.elements[name];
    input.addEventListener("input", () => told(input));
    input.addEventListener("change", () => ((race[name] = Number(input.value)), line()));
  }

  /* The network of the bench into a lane, or into a new one behind the others; its letter. */
  function send(i) {
    const { activation, initializer, gain, distribution, bn, seed } = current();
    race.lanes[i] = { activation, initializer, gain, distribution, bn, seed };
    renew();
    return LETTERS[i];
  }

  /* ---- the address: hidden layers, units and rate, then the lanes; the letters - and * need no escape there ---- */
  const write = ({ hidden, units, rate, lanes }) =>
    [[hidden, units, rate], ...lanes.map((lane) => Object.keys(data.lane).map((name) => lane[name]))].map((part) => part.join("-")).join("*");

  function read(text) {
    const [[hidden, units, rate], ...texts] = text.split("*").map((part) => part.split("-"));
    const lanes = texts.slice(0, LETTERS.length).map((values) => {
      const lane = { ...data.lane };
      Object.keys(lane).forEach((name, i) => {
        const value = typeof lane[name] === "number" ? Number(values[i]) : values[i];
        if (values[i] !== undefined && !Number.isNaN(value)) lane[name] = value;
      });
      return lane;
    });
    const known = (lane) => lane.activation in data.activations && lane.initializer in data.initializers && lane.distribution in LAWS;
    const within = (value, [least, most]) => value >= least && value <= most;
    const { ranges, rates } = data;
    if (!lanes.length || !lanes.every(known) || !lanes.every(({ gain }) => within(gain, ranges.gain))) return null;
    if (!within(hidden, ranges.hidden) || !within(units, ranges.units) || !rates.includes(Number(rate))) return null;
    return { hidden: Number(hidden), units: Number(units), rate: Number(rate), lanes };
  }
  const LAWS = Object.fromEntries(data.distributions.map((name) => [name, true]));

  return {
    heard,
    send,
    set: (wanted) => ((race = structuredClone(wanted ?? data.race)), renew()),
    text: (usual = data.race) => (write(race) === write(usual) ? "" : write(race)), // nothing, where it is the usual one
    read,
    code: () => python.race(race, MOST),
  };
}
