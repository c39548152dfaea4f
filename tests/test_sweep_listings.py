"""The executors that chapter 09 tells its readers to pass to `winit.sweep` give what the loop in place gives."""

import re
from functools import partial

import nbformat
import numpy as np
import pytest
from winit_book.editions import read_editions
from winit_book.page import ROOT

import winit

BEYOND = [path for edition in read_editions(ROOT) for path in edition.notebooks if path.stem == "09_beyond"]
MEET, GRID = partial(winit.moments.chi, "tanh"), {"sigma_b": [0.1, 0.5], "sigma_w": [1.0, 2.0]}


def listings(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def run(listing):
    scope = {"winit": winit, "meet": MEET, "grid": GRID}
    exec(listing, scope)
    return scope["reached"]


def test_both_editions_print_the_same_listings():
    assert [len(listings(path)) for path in BEYOND] == [2] * len(BEYOND)
    assert len({tuple(listings(path)) for path in BEYOND}) == 1


def test_a_pool_of_processes():
    assert np.array_equal(run(listings(BEYOND[0])[0]), winit.sweep(MEET, GRID))


def test_a_cluster(monkeypatch):
    distributed = pytest.importorskip("dask.distributed")
    monkeypatch.setattr(
        distributed, "Client", partial(distributed.Client, processes=False, n_workers=1, dashboard_address=None)
    )
    listing = listings(BEYOND[0])[1].replace('"tcp://scheduler:8786"', "")
    assert np.array_equal(run(listing), winit.sweep(MEET, GRID))
