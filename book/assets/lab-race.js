/* The race of the Init Lab: up to four lanes, their controls, curves and standing. The steps are made in a worker. */
function labRace(parts) {
  "use strict";
  const { data, words, worker, drawing, python, changed, current } = parts;
  const LETTERS = "ABCD", MOST = 1000; // lanes, steps
  const form = document.getElementById("lab-race"), place = document.getElementById("lab-lanes");
  const template = document.getElementById("lab-lane");
  const [go, step, again, add, taken, standing, listing] = ["go", "step", "again", "add", "taken", "standing", "race-code"].map(
    (name) => document.getElementById(`lab-${name}`),
  );
  const losses = drawing.curves(document.getElementById("lab-loss"), { log: true, words });
  const shares = drawing.curves(document.getElementById("lab-accuracy"), { log: false, words });
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let race = structuredClone(data.race), id = 0, going = false, drawn = 0;

  /* ---- lanes ---- */
  function show() {
    place.replaceChildren(...race.lanes.map((lane, i) => {
      const box = template.content.cloneNode(true).firstElementChild, { elements } = box;
      box.className = `lab-lane lane-${LETTERS[i]}`;
      box.querySelector("legend").textContent = words.lane.replace("{letter}", LETTERS[i]);
      for (const name of ["activation", "initializer", "gain"]) elements[name].value = lane[name];
      elements.bn.checked = Boolean(lane.bn);
      elements.remove.disabled = race.lanes.length === 1;
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
    add.disabled = race.lanes.length === LETTERS.length;
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

  /* ---- the worker ---- */
  function line() {
    going = false;
    worker.postMessage({ does: "line", id: ++id, ...race });
    listing.textContent = python.race(race, MOST);
    standing.textContent = "";
    changed();
  }

  const renew = () => (show(), line());

  function heard({ id: of, taken: steps, lanes, going: still, done }) {
    if (of !== id) return;
    going = still;
    go.textContent = going ? words.pause : words.start;
    go.disabled = done;
    step.disabled = going || done;
    taken.textContent = words.taken.replace("{steps}", steps).replace("{most}", MOST);
    if (calm.matches && going && performance.now() - drawn < 900) return; // seldom, where motion is not wanted
    drawn = performance.now();
    const draw = (curve, points) => curve({ most: MOST, lanes: lanes.map((lane, i) => ({ letter: LETTERS[i], points: points(lane) })) });
    draw(losses, (lane) => lane.losses.map(({ at, loss }) => [at, loss]));
    draw(shares, (lane) => lane.accuracies.map(({ at, share }) => [at, share]));
    const texts = lanes.map((lane) => {
      if (lane.lost) return words.blown;
      const loss = lane.losses.at(-1)?.loss;
      const share = words.right.replace("{share}", drawing.percent(lane.accuracies.at(-1).share));
      return loss === undefined ? share : `${words.loss_now.replace("{loss}", drawing.number(loss))} · ${share}`;
    });
    place.querySelectorAll(".lab-standing").forEach((box, i) => (box.textContent = texts[i]));
    if (!going && steps) standing.textContent = texts.map((text, i) => `${LETTERS[i]}: ${text}.`).join(" ");
  }

  go.addEventListener("click", () => worker.postMessage(going ? { does: "pause" } : { does: "go", most: MOST }));
  step.addEventListener("click", () => worker.postMessage({ does: "step" }));
  again.addEventListener("click", line);
  add.addEventListener("click", () => {
    const { activation, initializer, gain, distribution, bn, seed } = current();
    race.lanes.push({ activation, initializer, gain, distribution, bn, seed });
    renew();
  });
  for (const name of ["hidden", "units", "rate"]) {
    const input = form.elements[name];
    input.addEventListener("input", () => told(input));
    input.addEventListener("change", () => ((race[name] = Number(input.value)), line()));
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
    set: (wanted) => ((race = structuredClone(wanted ?? data.race)), renew()),
    text: (usual = data.race) => (write(race) === write(usual) ? "" : write(race)), // nothing, where it is the usual one
    read,
    code: () => python.race(race, MOST),
  };
}
