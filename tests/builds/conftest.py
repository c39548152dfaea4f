"""Tests that build small books: how a book is made, not what it says. `make builds` runs each file in one worker."""

from pathlib import Path


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("builds")
