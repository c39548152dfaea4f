"""Sphinx extension that turns the chapters into the site.

`make book` (`building/__main__.py`) runs the notebooks and starts one process an edition, in which this is the
edition's extension, the modules of `EDITION`. A plain `jupyter-book build .` makes a root page that is thrown away,
and then does the same.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module

from .paths import BOOK

EDITION = """
    content.strings content.assets content.formulas content.chapter content.tasks content.numbers content.moves
    content.drawings content.results appendices.api appendices.bibliography appendices.choose appendices.glossary
    appendices.misconceptions appendices.tables content.explorers content.states content.folds content.lines
    content.page content.reading content.search content.landing launch lab.page lab.links content.executed content.told
    building.made building.progress
""".split()

for _stream in (sys.stdout, sys.stderr):  # of a command: a console under cp949 has no “–”, and no reason to break off
    if isinstance(_stream, io.TextIOWrapper):
        _stream.reconfigure(errors="backslashreplace")


def setup(app):
    app.add_config_value("edition", "", "env")
    app.connect("config-inited", _set_paths, priority=100)
    if app.config.overrides.get("edition"):
        for name in EDITION:
            import_module(f".{name}", __name__).setup(app)
    else:
        from .building import site

        app.connect("config-inited", site.prepare, priority=110)
        app.connect("build-finished", site.build, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _set_paths(app, config):
    """Absolute paths, because the source folder of an edition is not the root of the repository."""
    config.templates_path = [str(BOOK / "templates")]
    config.html_static_path = [*config.html_static_path, str(BOOK / "assets")]
    config.html_favicon = str(BOOK / "assets" / "favicon.svg")
