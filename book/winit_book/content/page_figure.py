"""The form of a figure for a page: an SVG drawing whose labels are text, sharp on every screen and in every language.

A label stays what its author wrote, ``layer $\\ell$``, anchored where Matplotlib anchors it; drawings.py translates and
sets it. What would weigh too much as a drawing (images, thousands of dots) is a picture at twice the usual resolution.

Beside page_form.py this is what the build adds to a kernel; a reader's notebook shows the same figures as PNG.
"""

from __future__ import annotations

import base64
import re

import numpy as np
from IPython.core.pylabtools import print_figure
from matplotlib.backends import backend_svg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import weight_dict
from matplotlib_inline.config import InlineBackend

# of one drawing, of which a server sends a fifth; above it the figure is a picture, which does not shrink on the way
DRAWING_BYTES = 250_000
TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")
WORD, FORMULA = re.compile(r"[^\W\d_]{2}"), re.compile(r"\$[^$]*\$")
PATH, FINER, BLANK = re.compile(r'\bd="[^"]*"'), re.compile(r"(\.\d\d)\d+"), re.compile(r"\s*([MLCQz])\s*")
ANCHORS = {"left": (0, "start"), "center": (0.5, "middle"), "right": (1, "end")}


def load_ipython_extension(shell) -> None:
    InlineBackend.instance(parent=shell).figure_formats = set()  # it would add a picture to every drawing
    shell.display_formatter.mimebundle_formatter.for_type(Figure, bundle)


def bundle(figure: Figure) -> dict[str, str]:
    """What a figure displays: its drawing, or a picture where the drawing is too heavy."""
    drawn = drawing(figure)
    if len(drawn) <= DRAWING_BYTES:
        return {"image/svg+xml": drawn}
    return {"image/png": base64.b64encode(print_figure(figure, "png", dpi=2 * figure.dpi)).decode()}


def drawing(figure: Figure, box: str | None = "tight") -> str:
    """The figure as SVG, the same every time, without what an image file says about itself."""
    theirs = backend_svg.RendererSVG
    backend_svg.RendererSVG = Renderer
    try:
        svg = print_figure(
            figure, "svg", box, dpi=2 * figure.dpi, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type"))
        )
    finally:
        backend_svg.RendererSVG = theirs
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return PATH.sub(lambda path: BLANK.sub(r"\1", FINER.sub(r"\1", path[0])), re.sub(r"\n\s*", "\n", svg))


def lettering(figure: Figure) -> str:
    """The words of the figure alone, where they stand in it: a drawing to lay over a picture without them."""
    svg = drawing(figure, box=None)
    words = [label[0] for label in TEXT.finditer(svg) if says_a_word(label[1])]
    return "\n".join([svg[: svg.index("</defs>")], "</defs>", *words, "</svg>"]) if words else ""


def says_a_word(text: str) -> bool:
    """Whether there is more in a label than formulas, numbers and symbols."""
    return WORD.search(FORMULA.sub("", text)) is not None


class Renderer(backend_svg.RendererSVG):
    """Matplotlib's, except for its labels."""

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """Write the label as it stands in the code; `mtext` is None for one line of several."""
        share, anchor = ANCHORS[mtext.get_horizontalalignment() if mtext else "left"]
        width = share * self.get_text_width_height_descent(s, prop, ismath)[0]
        turn = np.deg2rad(angle)
        x, y = x + width * np.cos(turn), y - width * np.sin(turn)
        style = {"fill": to_hex(gc.get_rgb()), "font-size": f"{prop.get_size_in_points():g}"}
        weight = weight_dict.get(prop.get_weight(), prop.get_weight())
        style |= {"font-weight": str(weight)} if weight != 400 else {}
        style |= {"font-style": prop.get_style()} if prop.get_style() != "normal" else {}
        style |= {"text-anchor": anchor} if anchor != "start" else {}
        alpha = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        style |= {"opacity": f"{alpha:g}"} if alpha != 1 else {}
        place = f"translate({x:.2f} {y:.2f})" + (f" rotate({-angle:g})" if angle else "")
        clip = self._get_clip_attrs(gc)
        if clip:
            self.writer.start("g", **clip)
        self.writer.element("text", s, {"class": "tex"} if ismath else {}, transform=place, **style)
        if clip:
            self.writer.end("g")

    def draw_quad_mesh(self, *arguments, **options):
        """Cells that touch: smoothed edges would let the paper shine through between them."""
        self.writer.start("g", {"shape-rendering": "crispEdges"})
        super().draw_quad_mesh(*arguments, **options)
        self.writer.end("g")
