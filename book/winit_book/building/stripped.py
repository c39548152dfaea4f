"""A notebook as it is handed out: not run, and for students without the answers."""

from __future__ import annotations

import json
import re

from ..content.forms import is_solution
from .editions import Edition


def strip(notebook: str, edition: Edition, answers: bool = True) -> str:
    """The text of a notebook without its outputs; without `answers` its solutions and rubrics are gone, too.

    Hints stay, and so do the answers to guesses, which the next cells show.
    """
    content = json.loads(notebook)
    rubric = re.compile(
        rf"\s*<details><summary>{edition.catalogue['forms']['rubric']}</summary>.*?</details>", re.DOTALL
    )
    if not answers:
        content["cells"] = [cell for cell in content["cells"] if not is_solution(cell)]
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        elif not answers:
            cell["source"] = rubric.sub("", "".join(cell["source"]))
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
