"""Property tests draw the same few examples in every run; what needs another framework runs where it
is installed.
"""

import os
from importlib.util import find_spec

import pytest
from hypothesis import settings

os.environ["PYTHONIOENCODING"] = "utf8"  # what the tests start writes as they read, whatever the locale says

settings.register_profile("course", max_examples=25, derandomize=True, deadline=None, database=None)
settings.load_profile("course")

PEERS = all(find_spec(name) for name in ("torch", "jax", "flax", "keras", "distributed"))


def pytest_runtest_setup(item):
    if item.get_closest_marker("peers") and not PEERS:
        pytest.skip("needs PyTorch, JAX, Flax and Keras: make peers")
