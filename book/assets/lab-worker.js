/* What runs in the workers of the Init Lab: the bench, which answers every change of a control, and the race. */
function labWorker(scope, data) {
  "use strict";
  const numerics = labNumerics(data), theory = labTheory(data, numerics), networks = labNetwork(data, numerics);
  const EXACT = 8e6; // weights of larger networks are rounded to float32, so that they need not be drawn again on the way back
  const PATIENCE = { partial: 120, abandon: 250, both: 70 }; // milliseconds
  const TOP = 1e6, INPUTS = 1e6 + 1; // streams of random numbers beside those of the layers

  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  const breath = () => new Promise((next) => (waiting.push(next), port2.postMessage(0))); // lets messages in

  /* ---- bench ---- */
  let wanted = null, stopped = false, running = false, run = null, looked = [], drawn = { key: "", weights: [] };

  /* Weights of a layer: a draw depends on the law, the width and the seed, so a new gain or depth draws nothing again. */
  function weights(l, { width, initializer, distribution, seed, depth }) {
    const key = [width, initializer in data.initializers && data.initializers[initializer].kind, distribution, seed].join();
    if (drawn.key !== key) drawn = { key, weights: [] };
    const kept = drawn.weights[l];
    if (kept) return kept;
    const W = new (depth * width * width <= EXACT ? Float64Array : Float32Array)(width * width);
    return (drawn.weights[l] = numerics.draw(initializer, distribution, width, width, numerics.generator(seed, l), W));
  }

  const noise = (state, stream) =>
    numerics.generator(state.seed, stream).normals(state.batch * state.width);

  async function propagate({ id, state }) {
    const started = performance.now(), { depth, width, batch, activation, bn } = state;
    const scale = numerics.scale(state.initializer, state.gain, width, width);
    const shape = { batch, inputs: width, outputs: width, scale, activation, norm: Boolean(bn) };
    const old = run?.size === batch * width ? run.layers : []; // arrays to write over
    const layers = [], measured = {}, units = { forward: [], backward: [] };
    let told = started;
    run = { id, size: batch * width, layers, inputs: noise(state, INPUTS), activation };

    const note = (values, l) => {
      for (const name in values) (measured[name] ??= [])[l] = values[name];
    };
    const tell = (stage, extra) => scope.postMessage({ id, stage, measured, units, ...extra });
    const breathe = async (done) => {
      if (performance.now() - told < PATIENCE.partial) return true;
      tell("partial", { progress: done / (3 * depth) }); // the way back is twice the work
      await breath();
      told = performance.now();
      if (stopped) tell("stopped");
      return !stopped && (!wanted || told - started < PATIENCE.abandon);
    };

    for (let l = 0, h = run.inputs; l < depth; l++) {
      layers.push(networks.forward(h, weights(l, state), shape, old[l]));
      note(networks.measureForward(layers[l], shape), l);
      h = layers[l].h;
      units.forward[l] = networks.glimpse(h, batch, width, data.shown);
      if (!(await breathe(l + 1))) return;
    }
    tell("forward", { theory: theory.sizes(state), scale });
    look(looked);
    await breath();
    if (wanted && performance.now() - started > PATIENCE.both) return;

    for (let l = depth - 1, spare = {}, back = noise(state, TOP); l >= 0; l--) {
      const below = l ? layers[l - 1].h : run.inputs;
      spare = networks.backward(back, below, layers[l], shape, spare);
      note(networks.measureBackward(spare, shape), l);
      if (l) networks.descend(spare.delta, weights(l, state), shape, back);
      units.backward[l] = networks.glimpse(spare.delta, batch, width, data.shown);
      if (!(await breathe(depth + 2 * (depth - l)))) return;
    }
    tell("backward");
    await breath();
    if (!wanted) tell("done", { theory: theory.spreads(state) });
  }

  /* Histograms of h in some layers, over the whole range of the function or of what is there. */
  function look(numbers) {
    looked = numbers;
    if (!run) return;
    const limits = data.activations[run.activation].range;
    const histograms = numbers.filter((number) => run.layers[number - 1]).map((number) => {
      const { h } = run.layers[number - 1];
      let [low, high] = limits ?? [Infinity, -Infinity];
      if (!limits) for (let i = 0; i < h.length; i++) low = h[i] < low ? h[i] : low, high = h[i] > high ? h[i] : high;
      const finite = Number.isFinite(high - low);
      const wide = high > low ? [low, high] : [low - 0.5, low + 0.5];
      return { number, low, high, counts: finite ? [...networks.histogram(h, ...wide, data.bins)] : null };
    });
    scope.postMessage({ id: run.id, stage: "histograms", histograms });
  }

  async function bench() {
    if (running) return;
    running = true;
    while (wanted) {
      const job = wanted;
      wanted = null;
      await propagate(job);
    }
    running = false;
  }

  /* ---- race: every lane sees the same mini-batches, whichever worker it is in ---- */
  const BATCH = 64, MEAN = 10; // samples, steps in a point of the loss curve
  let digits = null, race = null;

  async function line({ id, lanes, hidden, units, rate, seed }) {
    digits ??= await networks.digits();
    const widths = [digits.pixels, ...Array(hidden).fill(units), 10];
    race = {
      id, rate, taken: 0, order: [], random: numerics.generator(seed, 99),
      lanes: lanes.map((lane) => ({ network: networks.network({ widths, ...lane }), recent: [], losses: [], accuracies: [], lost: false })),
    };
    assess();
    report();
  }

  function nextBatch() {
    const { pixels, x, y } = digits, rows = new Float64Array(BATCH * pixels), labels = new Uint8Array(BATCH);
    for (let s = 0; s < BATCH; s++) {
      if (!race.order.length) race.order = [...numerics.permutation(y.length, race.random)];
      const row = race.order.pop();
      rows.set(x.subarray(row * pixels, (row + 1) * pixels), s * pixels);
      labels[s] = y[row];
    }
    return { rows, labels };
  }

  function step() {
    const { rows, labels } = nextBatch();
    race.taken++;
    for (const lane of race.lanes) {
      if (lane.lost) continue;
      const loss = networks.step(lane.network, rows, labels, race.rate);
      lane.lost = !Number.isFinite(loss);
      lane.recent.push(loss);
      if (race.taken === 1) lane.losses.push({ at: 0, loss });
      if (lane.recent.length === MEAN || lane.lost) {
        lane.losses.push({ at: race.taken, loss: lane.recent.reduce((sum, value) => sum + value, 0) / lane.recent.length });
        lane.recent = [];
      }
    }
    if (race.taken % (2 * MEAN) === 0) assess();
  }

  function assess() {
    for (const lane of race.lanes) {
      if (!lane.lost) lane.accuracies.push({ at: race.taken, share: networks.accuracy(lane.network, digits.testX, digits.testY) });
    }
  }

  function report() {
    const lanes = race.lanes.map(({ losses, accuracies, lost }) => ({ losses, accuracies, lost }));
    scope.postMessage({ id: race.id, stage: "race", taken: race.taken, lanes });
  }

  function advance({ id, to }) {
    if (race?.id !== id) return;
    while (race.taken < to) step();
    report();
  }

  const answers = {
    propagate: (message) => ((wanted = message), (stopped = false), (looked = message.looked), bench()),
    stop: () => (stopped = true),
    look: (message) => look(message.looked),
    line,
    advance,
  };
  scope.onmessage = ({ data: message }) => answers[message.does](message);
}
