"""From what a notebook drew to what a page shows: drawings in the page's language and font, each at its own size.

page_figure.py draws; here the labels of a drawing are translated (words.py) and set (labels.py), and every picture of
a notebook gets its size, so that nothing moves when it arrives, and a box in which it scrolls where it would become too
small to read.
"""

from __future__ import annotations

import hashlib
import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from PIL import Image
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ..building.editions import Edition, edition_of
from .labels import label
from .tree import inside, parents
from .words import translate

logger = logging.getLogger(__name__)

TEXT = re.compile(r'<text( class="tex")?([^>]*font-size="([\d.]+)"[^>]*)>([^<]*)</text>')
VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
HEAD = re.compile(r"<svg[^>]*>\s*<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>")
# Those of the pages (styles/type.css), the Latin ones first: in a font for Hangul α and ∂ are as wide as a syllable
FONTS = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Pretendard, '
    '"Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", sans-serif'
)
PIXELS = 120 / 72  # of a page for a point: a figure of 6 in fills the column
LEAST = 0.88  # pixels for a point; there labels of 11 points are 10 pixels high, and 6 in fill a telephone's page


class drawn(nodes.image):
    """A picture that a notebook made: its size in points, `points`."""


class Drawings(SphinxTransform):
    """Runs after `chapter.Comments`, which says what figure a picture belongs to."""

    default_priority = 230

    def apply(self):
        for image in list(self.document.findall(nodes.image)):
            if inside(image, nodes.container) or inside(image, nodes.figure):
                path = Path(self.env.srcdir, image["uri"].lstrip("/"))
                path = path if path.exists() else Path(self.env.doc2path(self.env.docname)).parent / image["uri"]
                if path.suffix in (".svg", ".png") and path.parent.name == "jupyter_execute":
                    self.show(image, path)

    def show(self, image, path):
        attributes = dict(image.attributes)
        if path.suffix == ".svg":
            svg = self.translated(image, path.read_text("utf8"))
            made = path.with_name(f"{hashlib.sha256(svg.encode()).hexdigest()}.svg")
            made.write_text(svg, "utf8")
            attributes["uri"] = image["uri"].replace(path.name, made.name)
            attributes["points"] = tuple(map(float, VIEW.search(svg).groups()))
        else:
            with Image.open(path) as picture:
                density = picture.info.get("dpi", (2 / PIXELS * 72,))[0]
                attributes["points"] = tuple(pixels * 72 / density for pixels in picture.size)
        image.replace_self(drawn("", **attributes))

    def translated(self, image, svg: str) -> str:
        edition = edition_of(self.app)
        try:
            return in_edition(svg, edition)
        except LookupError as missing:
            trouble = f"a label without a translation: {str(missing.args[0])!r} (“words” in {edition.language}.yml)"
        except ValueError as error:
            trouble = f"a label cannot be set: {error}"
        figure = next((parent["ids"][0] for parent in parents(image) if isinstance(parent, nodes.figure)), "")
        logger.warning(f"{figure or 'a figure'}: {trouble}", location=self.env.docname)
        return svg


def in_edition(svg: str, edition: Edition) -> str:
    """The drawing with its labels in the language and the font of the pages.

    Raises
    ------
    LookupError
        A phrase that has no translation.
    ValueError
        A formula that cannot be set.
    """

    def text(match: re.Match) -> str:
        tex, attributes, size, words = match.groups()
        said = translate(unescape(words), edition)
        return f"<text{attributes}>{label(said, float(size)) if tex else escape(said)}</text>"

    width, height = VIEW.search(svg).groups()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" lang="{edition.language}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{escape(FONTS)}" '
        'stroke-linejoin="round" stroke-linecap="butt">'
    )
    return TEXT.sub(text, HEAD.sub(lambda _: head, svg, count=1))


def setup(app):
    app.add_transform(Drawings)
    app.add_node(drawn, html=(_visit, lambda self, node: None))


def _visit(self, node):
    file = f"{self.builder.imgpath}/{quote(self.builder.images[node['uri']])}"
    width, height = (round(points * PIXELS) for points in node["points"])
    least = round(node["points"][0] * LEAST)
    alt = self.attval(node.get("alt", ""))
    self.body.append(
        f'<div class="drawing"><img src="{file}" alt="{alt}" width="{width}" height="{height}" '
        f'style="min-width: {least}px"></div>\n'
    )
