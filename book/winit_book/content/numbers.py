"""Figures, equations and exercises are numbered by chapter: the third figure of 02_fan_in_fan_out is Figure 2.3.

Sphinx counts through the edition, unless its sections are numbered, too. So its count is taken as it is, and what pages
and links show is made of it; Sphinx gets its own count back before it counts again, or it would take every page for
changed.
"""

from __future__ import annotations

import re


def setup(app):
    app.connect("env-get-updated", _give_back, priority=400)  # Sphinx counts at 500
    app.connect("env-get-updated", _by_chapter, priority=600)


def _give_back(app, env):
    env.toc_fignumbers = getattr(env, "counted_through", env.toc_fignumbers)
    return []


def _by_chapter(app, env):
    env.counted_through = env.toc_fignumbers
    env.toc_fignumbers = {
        page: {
            kind: {name: (*chapter(page), count) for count, name in enumerate(names, 1)}
            for kind, names in kinds.items()
        }
        for page, kinds in env.counted_through.items()
    }
    return []


def chapter(page: str) -> tuple[int, ...]:
    """What stands before a number of a page: nothing on a page that is no chapter.

    Examples
    --------
    >>> chapter("02_fan_in_fan_out"), chapter("cheatsheet")
    ((2,), ())
    """
    match = re.match(r"(\d+)_", page)
    return (int(match[1]),) if match else ()
