"""What the pages say beside the chapters: the edition's catalogue, and the strings of Sphinx and its themes."""

from __future__ import annotations

import gettext
import io

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from sphinx import locale

from ..building.editions import edition_of

# gettext domains of Sphinx (pydata-sphinx-theme shares it), sphinx-book-theme, sphinx-proof and sphinx-exercise
DOMAINS = ("sphinx", "booktheme", "proof", "exercise")


def setup(app):
    edition = edition_of(app)
    for domain in DOMAINS:
        _translate(domain, edition.language, edition.catalogue.get("theme") or {})
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
    catalogue = edition_of(app).catalogue
    numbers = catalogue["numbers"]
    config.numfig_format = {**config.numfig_format, **{kind: numbers[kind] for kind in numbers if kind != "equation"}}
    config.math_eqref_format = numbers["equation"].replace("%s", "({number})")
    config.nb_code_prompt_show = catalogue["fold"]["show"]
    config.nb_code_prompt_hide = catalogue["fold"]["hide"]
