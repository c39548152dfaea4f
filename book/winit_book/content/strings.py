"""What the pages say beside the chapters: the edition's catalogue, and the strings of Sphinx and its themes."""

from __future__ import annotations

import gettext
import io

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from sphinx import locale

from ..paths import BOOK

# gettext domains of Sphinx (pydata-sphinx-theme shares it), sphinx-book-theme, sphinx-proof and sphinx-exercise
DOMAINS = ("sphinx", "booktheme", "proof", "exercise")


def catalogue(language: str) -> dict:
    return yaml.safe_load((BOOK / "catalogue" / f"{language}.yml").read_text("utf8"))


def setup(app):
    app.say = catalogue(app.config.overrides["language"])
    for domain in DOMAINS:
        _translate(domain, app.config.overrides["language"], app.say.get("theme") or {})
    app.translator = locale.translators["general", "sphinx"]  # the one the templates use
    app.connect("config-inited", _number, priority=100)


def _translate(domain: str, language: str, messages: dict[str, str]) -> None:
    """Put our translations before the ones that come with the packages, which stay as a fallback.

    `app.add_message_catalog` would only append: what a package translates badly could not be mended.
    """
    compiled = io.BytesIO()
    catalog = Catalog(locale=language)
    for english, translated in messages.items():
        catalog.add(english, translated)
    write_mo(compiled, catalog)
    compiled.seek(0)
    ours = gettext.GNUTranslations(compiled)
    theirs = locale.translators.get(("general", domain))
    if theirs is not None:
        ours.add_fallback(theirs)
    locale.translators["general", domain] = ours


def _number(app, config) -> None:
    """How figures, tables, listings and equations are called, and what a folded cell says."""
    numbers = app.say["numbers"]
    config.numfig_format = {**config.numfig_format, **{kind: numbers[kind] for kind in numbers if kind != "equation"}}
    config.math_eqref_format = numbers["equation"].replace("%s", "({number})")
    config.nb_code_prompt_show = app.say["fold"]["show"]
    config.nb_code_prompt_hide = app.say["fold"]["hide"]
