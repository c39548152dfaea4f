"""Pieces of a page from book/templates, for nodes; whole pages come from Sphinx's own templates."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader

from ..paths import BOOK

TEMPLATES = Environment(loader=FileSystemLoader(BOOK / "templates"), autoescape=True, trim_blocks=True)


def render(name: str, *arguments, **words) -> str:
    return TEMPLATES.get_template(name).render(*arguments, **words)
