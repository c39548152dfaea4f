"""Property tests draw the same few examples in every run; Binder's steps are replayed once for all tests."""

import os
import shutil

import binder_replay
import pytest
from hypothesis import settings

settings.register_profile("course", max_examples=25, derandomize=True, deadline=None, database=None)
settings.load_profile("course")


@pytest.fixture(scope="session")
def on_binder(tmp_path_factory):
    """The environment that Binder makes of this repository, and a copy of the repository (`binder_replay.py`)."""
    folder = tmp_path_factory.mktemp("binder")
    try:
        yield binder_replay.replay(folder)
    except binder_replay.NoIndexError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"Jupyter cannot be installed: {error}")
    finally:
        shutil.rmtree(folder)
