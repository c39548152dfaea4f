"""Where things are, the repository and its folder `book`, and how what lies there as YAML is read."""

from pathlib import Path
from typing import Any

import yaml

BOOK = Path(__file__).resolve().parents[1]
ROOT = BOOK.parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where there is one


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text("utf8"), LOADER)
