"""Build one edition, once its notebooks are sound and executed: `python -m winit_book.building.edition ko`.

What is not in the cache, MyST-NB would execute without the forms that explorers and figures take on a page.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx
from sphinx.util.console import nocolor

from .editions import read_editions, stop
from .execution import cache_path
from .remote import github, launched, pages_url


def main(language: str) -> int:
    root = Path.cwd()
    editions = {edition.language: edition for edition in read_editions(root)}
    if language not in editions:
        raise stop(f"unknown edition {language!r}; choose one of {', '.join(editions)}")
    edition = editions[language]
    stage = root / "_build" / ".stage" / language
    stage.mkdir(parents=True, exist_ok=True)
    toc = stage / "toc.yml"
    toc.write_text(yaml.safe_dump(edition.toc(), allow_unicode=True, sort_keys=False), "utf8")

    repository = github(root)
    theme = {
        "path_to_docs": f"chapters/{language}",
        "search_bar_text": edition.catalogue["search"],
        "toc_title": edition.catalogue["label"]["contents"],
    }
    if repository:
        theme["repository_url"] = "https://github.com/{}/{}".format(*repository)
    else:
        buttons = ("use_repository_button", "use_edit_page_button", "use_issues_button")
        theme |= {"repository_url": "", **dict.fromkeys(buttons, False)}
    if not (repository and launched(root)):
        theme["launch_buttons"] = {"binderhub_url": "", "colab_url": ""}
    nocolor()  # the output goes through a pipe
    result = build_sphinx(
        root / "chapters" / language,
        stage / "html",
        path_config=root / "_config.yml",
        noconfig=True,
        doctreedir=stage / "doctrees",
        confoverrides={
            "edition": language,
            "language": language,
            "external_toc_path": str(toc),
            "html_title": edition.catalogue["title"],
            "html_baseurl": f"{pages_url(repository)}{language}/" if repository else "",
            "html_theme_options": theme,
            "nb_execution_cache_path": str(cache_path(root)),
            "latex_individualpages": False,
        },
        warningiserror=True,
        keep_going=True,
        quiet=True,  # building/progress.py says what is done
    )
    if isinstance(result, int):
        return result  # 1 where there were warnings
    print(f"{type(result).__name__}: {result}", flush=True)  # the last line, which the root build repeats
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
