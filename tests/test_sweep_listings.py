"""The executors that chapter 09 tells its readers to pass to `winit.sweep` give what the loop in place gives."""

from functools import partial

import numpy as np
import pytest
from page_sources import listings, sources

import winit

EXECUTORS, *OTHERS = (
    [text for _, text in listings(path) if "executor" in text] for path in sources("09_signals_in_depth")
)
MEET, GRID = partial(winit.meanfield.chi, "tanh"), {"sigma_b": [0.1, 0.5], "sigma_w": [1.0, 2.0]}


def run(listing):
    scope = {"winit": winit, "meet": MEET, "grid": GRID}
    exec(listing, scope)
    return scope["reached"]


def test_the_editions_print_the_same_listings():
    assert len(EXECUTORS) == 2
    assert OTHERS and all(other == EXECUTORS for other in OTHERS)


@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")  # of JAX, where another test has loaded it
def test_a_pool_of_processes():
    assert np.array_equal(run(EXECUTORS[0]), winit.sweep(MEET, GRID))


@pytest.mark.peers
def test_a_cluster(monkeypatch):
    from dask import distributed

    monkeypatch.setattr(
        distributed, "Client", partial(distributed.Client, processes=False, n_workers=1, dashboard_address=None)
    )
    listing = EXECUTORS[1].replace('"tcp://scheduler:8786"', "")
    assert np.array_equal(run(listing), winit.sweep(MEET, GRID))
