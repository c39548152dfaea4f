"""Property tests draw the same few examples in every run; Binder's steps are replayed once for all tests; what needs
another framework runs where it is installed.
"""

import os
import shutil
from importlib.util import find_spec

import binder_replay
import pytest
from hypothesis import settings
from lacking import lacking

os.environ["PYTHONIOENCODING"] = "utf8"  # what the tests start writes as they read, whatever the locale says

settings.register_profile("course", max_examples=25, derandomize=True, deadline=None, database=None)
settings.load_profile("course")

PEERS = all(find_spec(name) for name in ("torch", "jax", "flax", "keras", "distributed"))


def pytest_runtest_setup(item):
    if item.get_closest_marker("peers") and not PEERS:
        pytest.skip("needs PyTorch, JAX, Flax and Keras: make peers")


@pytest.fixture(scope="session")
def on_binder(tmp_path_factory):
    """The environment that Binder makes of this repository, and a copy of the repository (`binder_replay.py`)."""
    folder = tmp_path_factory.mktemp("binder")
    try:
        yield binder_replay.replay(folder)
    except binder_replay.NoIndexError as error:
        lacking(f"Jupyter cannot be installed: {error}")
    finally:
        shutil.rmtree(folder)
