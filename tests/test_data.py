"""The digits are split as documented; the toys are what they are called."""

import subprocess
import sys

import numpy as np
import pytest

from winit import data


def test_digits_are_standardized_and_split():
    split = data.digits(rng=np.random.default_rng(0))
    assert [a.shape for a in split] == [(1400, 64), (1400,), (397, 64), (397,)]
    x = np.concatenate([split.x_train, split.x_test])
    assert x.mean() == pytest.approx(0, abs=1e-12) and x.std() == pytest.approx(1)
    assert set(split.y_train) == set(split.y_test) == set(range(10))
    # test accuracy of a constant predictor
    share = (split.y_test == np.bincount(split.y_train).argmax()).mean()
    assert share == pytest.approx(0.083, abs=5e-4)


def test_digits_are_those_of_scikit_learn_in_the_documented_order():
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(3).permutation(1797)
    split = data.digits(rng=np.random.default_rng(3))
    x = np.concatenate([split.x_train, split.x_test])
    image = (x - x.min()) / np.ptp(x)
    np.testing.assert_allclose(image, pixels[order] / 16, atol=1e-12)
    np.testing.assert_array_equal(np.concatenate([split.y_train, split.y_test]), labels[order])


def test_moons_are_two_half_circles_that_no_line_separates():
    x, y = data.two_moons(1001, noise=0, rng=np.random.default_rng(0))
    assert x.shape == (1001, 2) and (y == 0).sum() == 501
    centres = np.array([[0, 0], [1, 0.5]])
    np.testing.assert_allclose(np.linalg.norm(x - centres[y], axis=1), 1)
    assert (x[y == 0, 1] >= 0).all() and (x[y == 1, 1] <= 0.5).all()
    design = np.column_stack([x, np.ones(len(x))])
    guess = design @ np.linalg.lstsq(design, 2.0 * y - 1, rcond=None)[0] > 0
    assert 0.8 < (guess == y).mean() < 0.95
    noisy, _ = data.two_moons(1001, noise=0.2, rng=np.random.default_rng(0))
    assert (noisy - x).std() == pytest.approx(0.2, rel=5 / np.sqrt(2 * 2002))


def test_bars_and_stripes():
    patterns = data.bars_and_stripes(3)
    assert patterns.shape == (14, 9) and set(patterns.ravel()) == {0, 1}
    assert len(np.unique(patterns, axis=0)) == 14
    grids = patterns.reshape(-1, 3, 3)
    bars = (grids == grids[:, :, :1]).all(axis=(1, 2))
    stripes = (grids == grids[:, :1]).all(axis=(1, 2))
    assert bars.sum() == stripes.sum() == 8 and (bars | stripes).all()
    assert len(data.bars_and_stripes(4)) == 30


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (TypeError, lambda: data.digits(), "rng"),
        (TypeError, lambda: data.two_moons(10), "rng"),
        (ValueError, lambda: data.two_moons(0, rng=np.random.default_rng(0)), "n must be .*got 0"),
        (ValueError, lambda: data.two_moons(10, noise=-1, rng=np.random.default_rng(0)), "noise must be .*got -1"),
        (ValueError, lambda: data.bars_and_stripes(2.5), "size must be .*got 2.5"),
    ],
)
def test_bad_input_is_named(error, call, message):
    with pytest.raises(error, match=message):
        call()


def test_import_winit_takes_numpy_only():
    code = (
        "import sys, winit; "
        "heavy = {'matplotlib', 'ipywidgets', 'sklearn', 'scipy', 'threadpoolctl'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
