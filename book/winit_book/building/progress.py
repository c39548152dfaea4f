"""What an edition says while it is built; Sphinx is quiet, but for its warnings."""

from __future__ import annotations

from collections.abc import Collection

FEW = 3


def setup(app):
    written: list[str] = []

    def note(app, pagename, templatename, context, doctree):
        if doctree is not None:
            written.append(pagename)

    app.connect("env-before-read-docs", lambda app, env, pages: _say("reading", pages))
    app.connect("html-page-context", note)
    app.connect("build-finished", lambda app, exception: exception or _say("written", written))


def _say(done: str, pages: Collection[str]) -> None:
    if pages:
        print(f"{done}: {', '.join(pages) if len(pages) <= FEW else f'{len(pages)} pages'}", flush=True)
