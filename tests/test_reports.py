"""Kinds of faults that readers report of packages like this one, each tried with inputs of its own."""

import os
import subprocess
import sys

import numpy as np
import pytest
import tiny_book
from tiny_book import code, notebook, text
from winit_book import launch
from winit_book.paths import ROOT

import winit
from winit import data, meanfield, moments, rbm

# What a script prints of the package, into a pipe that a Korean Windows reads as cp949
PRINTED = """
import numpy as np
import winit
from winit import check, meanfield, rbm

rng = np.random.default_rng(0)
run = winit.propagate([8] * 4, activation="relu", initializer="he_normal", rng=rng, batch=4)
things = [run, run.z_rms, winit.fans((3, 4)), winit.Spec([4, 4], "tanh", 0.1, seed=0)]
things.append(winit.recommend("dense", depth=50))
things += [*winit.INITIALIZERS.values(), *winit.ACTIVATIONS.values(), rbm.start(np.eye(4), 2, rng=rng)]
things.append(winit.Results(["layer", "σ²"], [(1, 0.5)], {"σ²": ".2f"}))
for thing in things:
    print(thing, repr(thing), sep="\\n")
for answer in (None, 3, (0.1, 0.2), "absurd", 10**400, [[1]], float("nan"), 1j):
    check.depth_ratio(answer)
"""


@pytest.mark.parametrize("encoding", ["cp949", "euc_kr"])
def test_what_is_printed_goes_through_a_korean_pipe(encoding):
    run = subprocess.run(
        [sys.executable, "-c", PRINTED], cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": encoding}, capture_output=True
    )
    assert run.returncode == 0, run.stderr.decode(encoding, "replace")
    said = run.stdout.decode(encoding)
    assert "σ²" in said and "VarianceScaling" in said and "답은 모두 2개여야 합니다" in said


@pytest.mark.parametrize("k", [3, 17, 90])
def test_an_activation_that_oscillates_is_followed_exactly(k):
    """E sin²(kz) = (1 − e^{−2k²q}) / 2 for z ~ N(0, q), and E (k cos kz)² = k² (1 + e^{−2k²q}) / 2."""
    wave = winit.Activation("wave", lambda z: np.sin(k * z), lambda z: k * np.cos(k * z))
    q, found = 1.3**2 * 0.7, meanfield.length_map(wave, sigma_w=1.3, q0=0.7, depth=4)
    for value in found:
        assert value == pytest.approx(q, rel=1e-6)
        q = 1.3**2 * -np.expm1(-2 * k**2 * q) / 2
    assert moments.slope_moment(wave, 0.2) == pytest.approx(k**2 * (1 + np.exp(-0.4 * k**2)) / 2, rel=1e-6)


SCALARS = [float, np.float64, np.float32, np.array]
COUNTS = [int, np.int64, np.uint8, np.array]


@pytest.mark.parametrize("number, count", [*zip(SCALARS, COUNTS)])
def test_a_scalar_of_numpy_is_a_number(number, count):
    """0.25 and 0.5 are exact in every type, so that every result is the same to the last bit."""
    rng = np.random.default_rng
    options = {"activation": "tanh", "rng": rng(0), "batch": count(6)}
    run = winit.propagate([count(5), 5, 5], initializer=number(0.25), **options)
    plain = winit.propagate([5, 5, 5], activation="tanh", initializer=0.25, rng=rng(0), batch=6)
    assert run.z_rms.tolist() == plain.z_rms.tolist()
    assert winit.VarianceScaling(number(0.5), "in").std((count(8), 3)) == 0.25
    maps = [
        meanfield.length_map("relu", sigma_w=sigma, depth=depth) for sigma, depth in ((number(0.5), count(3)), (0.5, 3))
    ]
    assert maps[0].tolist() == maps[1].tolist()
    spec, digits = winit.Spec([64, 8, 10], "relu", "he_normal", seed=count(1)), data.digits(rng=rng(0))
    steps = {"steps": count(2), "batch": count(8), "rng": rng(1)}
    losses = winit.train(spec, digits, learning_rate=number(0.25), **steps).losses
    assert (
        losses.tolist() == winit.train(spec, digits, steps=2, batch=8, rng=rng(1), learning_rate=0.25).losses.tolist()
    )


def test_sums_over_half_precision_do_not_saturate():
    """65 520 is infinite in float16, and beyond 2048 a sum of ones would stand still."""
    ones = np.ones((70_000, 3), np.float16)
    assert winit.layers.batch_sum(ones).tolist() == [70_000] * 3
    large = np.full((64, 2), 300, np.float16)  # whose squares are infinite
    large[::2] *= -1
    assert np.isfinite(winit.batch_norm(large, np.ones(2), np.zeros(2))[0]).all()


@pytest.mark.parametrize(
    "v, message",
    [
        (np.arange(20, dtype=np.uint8).reshape(4, 5) * 13, r"v must lie in \[0, 1\], got 0\.0 … 247\.0"),
        (np.eye(5) - 1e-6, r"v must lie in \[0, 1\]"),
        (np.where(np.eye(5) > 0, np.inf, 0), r"v must lie in \[0, 1\]"),
        (np.full((3, 5), "1"), "v must"),
        (np.ones((3, 5)) * 1j, "v must"),
        (np.zeros((0, 5)), "v must"),
        ([[1, 0], [1]], "v must"),
    ],
)
def test_data_of_an_rbm_are_looked_at(v, message):
    rng = np.random.default_rng(0)
    machine = winit.RBM(np.zeros((5, 2)), np.zeros(5), np.zeros(2))
    for call in (
        lambda: machine.contrastive_divergence(v, rng=rng),
        lambda: rbm.ascend(machine, v, steps=1, learning_rate=0.1, batch=1, rng=rng),
        lambda: rbm.start(v, 2, rng=rng),
        lambda: rbm.greedy_stack(v, [2], steps=1, learning_rate=0.1, batch=1, rng=rng),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            call()


def test_a_shallow_clone_makes_the_branch_too(tmp_path):
    """As in the workflow of a release, whose checkout knows one commit."""
    pages = {"index": "# A\n\nWords.\n", "01_a": notebook(text("# A"), code("1"))}
    (tmp_path / "book").mkdir()
    book = tiny_book.write(tmp_path / "book", {"en": pages, "ko": pages})
    tiny_book.publish(book, "https://github.com/some-one/course")
    git = ["git", "-C", str(book), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["add", "--all"], ["commit", "--quiet", "--message", "Pages"]):
        subprocess.run([*git, *words], check=True)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", book.as_uri(), str(clone)], check=True)
    for name, value in {"user.name": "a", "user.email": "a@example.org"}.items():
        subprocess.run(["git", "-C", str(clone), "config", name, value], check=True)
    launch.main(["--repository", "some-one/course"], root=clone)
    told = subprocess.run(
        ["git", "-C", str(clone), "show", "launch:chapters/ko/01_a.ipynb"], capture_output=True, check=True
    )
    assert b"%pip install" in told.stdout
