/* The Python of a state of the Init Lab: the same network by `winit`, equal in law, not in its draws. */
function labPython(data) {
  "use strict";
  const power = (gain) => (gain === 1 ? "" : ` * ${gain}**2`);

  /* An initializer as winit writes it; `fan` is the text of the fan-in where the row itself knows none. */
  function initializer({ initializer: name, gain, distribution }, fan) {
    const row = data.initializers[name];
    if (gain === 1 && (distribution === row.distribution || !row.distribution)) return `"${name}"`;
    if (row.kind === "constant") return `winit.Constant(${row.value * gain})`;
    if (row.kind === "orthogonal") return `winit.Orthogonal(${row.gain * gain})`;
    if (row.kind === "scaling") return `winit.VarianceScaling(${row.scale}${power(gain)}, "${row.fan}", "${distribution}")`;
    if (distribution === "normal") return `winit.Normal(${row.std} * ${gain})`;
    return `winit.VarianceScaling(${fan} * ${row.std}**2${power(gain)}, "in", "${distribution}")`;
  }

  const bench = (state) => `import matplotlib.pyplot as plt
import numpy as np

import winit
from winit import plotting

run = winit.propagate(
    [${state.width}] * ${state.depth + 1},
    activation="${state.activation}",
    initializer=${initializer(state, state.width)},
    batch=${state.batch},
    batch_norm=${state.bn ? "True" : "False"},
    rng=np.random.default_rng(${state.seed}),
)
print("RMS of z, first and last layer:", run.z_rms[[0, -1]])
print("spread between samples:", run.across_sample_std[[0, -1]])
print("RMS of delta:", run.delta_rms[[0, -1]])

plotting.use_style()
fig, (forward, backward) = plt.subplots(1, 2, figsize=(9, 3.4))
plotting.plot_layers(forward, run, "z_rms", color=plotting.FORWARD)
plotting.plot_layers(backward, run, "delta_rms", color=plotting.BACKWARD)
plt.show()
`;

  function spec({ activation, bn, seed, ...lane }) {
    const perLayer = data.initializers[lane.initializer].kind === "fixed" && lane.distribution !== "normal";
    const init = perLayer ? `[${initializer(lane, "n")} for n in widths[:-1]]` : initializer(lane);
    return `winit.Spec(widths, "${activation}", ${init}${bn ? ", batch_norm=True" : ""}${seed ? `, seed=${seed}` : ""})`;
  }

  const race = ({ hidden, units, rate, lanes }, steps) => `import numpy as np

import winit

digits = winit.data.digits(rng=np.random.default_rng(0))
widths = [64, ${Array(hidden).fill(units).join(", ")}, 10]
lanes = {
${lanes.map((lane, i) => `    "${"ABCD"[i]}": ${spec(lane)},\n`).join("")}}
history = winit.train(
    lanes.values(), digits, steps=${steps}, learning_rate=${rate}, batch=64, rng=np.random.default_rng(0)
)
for name, losses, accuracy in zip(lanes, history.losses, history.test_accuracies):
    print(name, f"loss {losses[-10:].mean():.3f}, test accuracy {accuracy[-1]:.3f}")
`;

  return { bench, race };
}
