"""What a test needs and a machine may lack."""

import os
from typing import NoReturn

import pytest


def lacking(words: str) -> NoReturn:
    """Skip a test and say what to install; in CI, where nothing may be lacking, fail it."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(words)
