"""Why a goal may be missed, and why the code stays as it is; figures of two shared cores (AMD EPYC, Zen 4).

The parts of a run are shares of the samples of Linux's `perf`. Which of these rows are missed depends on the neighbours
too: on this machine, the same run took up to a quarter longer, and the products alone up to an eighth.
"""

WHY = {
    "16 scales × BN, digits, width 100": (
        "Products 52 %, passes of NumPy over arrays 30 % (of these 7 % copies of W for the transposed product, which "
        "save more than they cost), calls of Python 10 %. Batch norm is thirteen passes a layer, and NumPy takes twice "
        "as long for a row added to a matrix as for two matrices. Only compiled code fuses passes, and hides formulas. "
        "An idle machine reaches 71 %."
    ),
    "16 scales × BN, digits, width 32": (
        "Products 32 %, passes of NumPy 38 %, calls of Python 15 %, copies of short rows 11 %. All networks of a kind "
        "already share each call. Samples first in memory would make rows 16 times as long and batch norm a fifth "
        "faster, but the products a quarter slower."
    ),
    "8 MLPs × BN, 784 inputs": "Products 67 %, passes of NumPy 18 %, calls of Python 8 %: see width 100.",
    "3 initializers, 784 inputs": "At the goal, by rounding: 79 to 86 % in twenty runs.",
    "RBM CD-1, 784-256, 10 000 samples": (
        "Products 72 %, sigmoids 10 %, the draws that sampling is made of 10 %. Draws of float32 would take half as "
        "long, but `rng.random(shape) < p`, as anybody would write it, would no longer give the same machine."
    ),
    "propagate: forward + backward, 50 × 256": (
        "At 95 % of the products alone; 1.4 × PyTorch would be the products alone (1.3 to 1.5 × in five runs)."
    ),
    "two cores: 8 MLPs × BN, 784 inputs": (
        "Two threads take 0.67 of the time of one, the products alone 0.53: what is Python in a step, 10 % and more as "
        "chunks get smaller, holds its lock. Processes would need every array twice and a second to start."
    ),
    "uniform float32, 1000 × 1000": "At the goal, by rounding: two passes over what was drawn, × 1.10 to 1.16.",
    "truncated float32, 1000 × 1000": (
        "The generator takes 9 ns for a normal number, all of ours 11 to 13, all of PyTorch's 30 to 38: five times as "
        "fast would be faster than the draw. A faster generator would give other numbers on other processors."
    ),
    "orthogonal float32, 1000 × 1000": (
        "LAPACK takes 38 ms of our 50 and of PyTorch's 43; our reproducible draw takes 9, theirs 3."
    ),
    "import winit": (
        "9 to 10 ms where NumPy itself takes 66, 13 where it takes 80; half of them for nine `dataclasses`."
    ),
}
