"""The strings of Sphinx and its themes that their own catalogues leave in English."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from . import BOOK

# gettext domains of Sphinx (and pydata-sphinx-theme), sphinx-book-theme, sphinx-proof and sphinx-exercise
DOMAINS = ("sphinx", "booktheme", "proof", "exercise")


def catalogue(language: str) -> dict:
    return yaml.safe_load((BOOK / "catalogue" / f"{language}.yml").read_text("utf8"))


def setup(app):
    language = app.config.overrides["language"]
    messages = Catalog(locale=language)
    for english, translated in (catalogue(language).get("theme") or {}).items():
        messages.add(english, translated)
    folder = Path(tempfile.mkdtemp(prefix="winit-locale-"))
    for domain in DOMAINS:
        path = folder / language / "LC_MESSAGES" / f"{domain}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, messages)
        app.add_message_catalog(domain, str(folder))
