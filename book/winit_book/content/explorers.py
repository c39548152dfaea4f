"""From an explorer's data to a figure that answers without a kernel: controls, picture, numbers, caption.

The data comes from page_form.py and knows no language; what an edition calls the names in it stands under ``explorer``
in its catalogue, or under ``names`` where they are rows of our tables; what it calls the words drawn over the frames
stands under ``words``, as for any drawing. The template writes the figure that stands without a script, and
book/assets/explorer.js makes it move. A live explorer has a script of its own, book/assets/live-<name>.js: its
functions, whose text says which scripts of the lab it needs, ``labNumerics(…)``, and which words, ``say("…")``.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from pathlib import Path

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from winit import ACTIVATIONS, INITIALIZERS

from ..building.editions import edition_of
from ..paths import BOOK
from .drawings import in_edition
from .page import icon
from .page_form import PAGE_BYTES
from .templates import render
from .tree import parents

logger = logging.getLogger(__name__)

DATA = re.compile(r'<script type="application/json" class="explorer">(.*)</script>', re.DOTALL)
FRAMES = "_frames"
SCRIPTS = ("tables", "numerics", "theory", "svg")  # of the lab, in the order in which they are loaded


class explorer(nodes.General, nodes.Element):
    """An explorer: its `data` as page_form.py gave it, and an `alt` text for its pictures."""


class Find(SphinxTransform):
    """Make nodes of what the notebooks put out, before `chapter.Comments` makes figures of them."""

    default_priority = 210

    def apply(self):
        for raw in list(self.document.findall(nodes.raw)):
            match = DATA.fullmatch(raw.astext().strip())
            if match:
                found = explorer("", data=json.loads(match[1]), alt="")
                found.source, found.line = raw.source, raw.line
                raw.replace_self(found)


def setup(app):
    app.add_transform(Find)
    app.add_node(explorer, html=(_visit, _depart))
    app.connect("doctree-read", _mark_figures)
    app.connect("html-page-context", _add_assets)


def _mark_figures(app, doctree):
    size, found = 0, None
    for found in doctree.findall(explorer):
        figure = next(parent for parent in parents(found) if isinstance(parent, (nodes.figure, nodes.document)))
        figure["classes"].append("explorer")
        size += len(json.dumps(found["data"]))
    if size > PAGE_BYTES:
        logger.warning(f"the explorers of the page take {size} bytes, more than {PAGE_BYTES}", location=found)


def _add_assets(app, pagename, templatename, context, doctree):
    found = list(doctree.findall(explorer)) if doctree else []
    if found:
        live = sorted({node["data"]["name"] for node in found if node["data"]["live"]})
        used = "".join(map(script, live))
        needed = [f"lab-{name}.js" for name in SCRIPTS if re.search(rf"\blab{name.title()}\b", used)]
        for name in [*needed, *(f"live-{name}.js" for name in live), "explorer.js"]:
            app.add_js_file(name, loading_method="defer")
        app.add_css_file("explorer.css")
        context["favicon_url"] = icon()


def script(name: str) -> str:
    """The functions of a live explorer."""
    return (BOOK / "assets" / f"live-{name}.js").read_text("utf8")


def _visit(self, node):
    data, catalogue = node["data"], edition_of(self.builder.app).catalogue
    words = catalogue["names"] | catalogue["explorer"]
    offered = {value for control in data["controls"].values() for value in control.get("values", ())}
    spoken = re.findall(r'\bsay\("(\w+)"\)', script(data["name"])) if data["live"] else []
    said = sorted({*data["words"], *spoken, *(offered & {*ACTIVATIONS, *INITIALIZERS})})
    for word in said:
        if word not in words:
            where = f"“explorer” in book/catalogue/{self.config.language}.yml"
            logger.warning(f"the explorer {data['name']!r} says {word!r}, which is not under {where}", location=node)
    data |= {"words": {word: str(words.get(word, word)) for word in said}, "alt": node["alt"]}
    frame, numbers = data["states"][0 if data["live"] else _opening(data)]
    picture = data["frames"][frame]
    kept = ("lettering", "states", "frames", "size") if data["live"] else ("lettering", "frames")
    handed = {key: value for key, value in data.items() if key not in kept}
    if not data["live"]:
        handed["pictures"] = _set_aside(self.builder, data["name"], data["frames"])
    html = render(
        "explorer.html",
        data,
        id=next(iter(node.parent["ids"]), ""),  # none where the figure's comment is missing, which was said
        frame=picture,
        lettering=_translated(self, node),
        numbers=numbers,
        say=lambda text: data["words"].get(text, text),
        indexed=_indexed,
        log=math.log,
        json=json.dumps(handed, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )
    self.body.append(html)


def _indexed(text: str) -> Markup:
    """A name with its index below the line.

    Examples
    --------
    >>> print(_indexed("weights σ_w"))
    weights σ<sub>w</sub>
    """
    return Markup(re.sub(r"_(\w)", r"<sub>\1</sub>", str(escape(text))))


def _set_aside(builder, name: str, frames: list[str]) -> str:
    """Write the pictures of an explorer as a script, which the page asks for when somebody comes near; its address."""
    text = f"(window.winitFrames ??= {{}})[{json.dumps(name)}] = {json.dumps(frames, separators=(',', ':'))};\n"
    path = Path(builder.outdir) / FRAMES / f"{name}.js"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf8")
    return f"{FRAMES}/{path.name}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _translated(self, node):
    """The words over its frames in the language of the page."""
    edition = edition_of(self.builder.app)
    try:
        drawn = in_edition(node["data"]["lettering"], edition) if node["data"]["lettering"] else ""
        return drawn.replace("<svg ", '<svg aria-hidden="true" ', 1)
    except LookupError as missing:
        where = f"“words” in book/catalogue/{edition.language}.yml"
        logger.warning(
            f"the explorer {node['data']['name']!r} draws {missing.args[0]!r}, which is not under {where}",
            location=node,
        )
        return ""


def _opening(data):
    """The index of the state it opens with."""
    index = 0
    for start, control in zip(data["start"], data["controls"].values()):
        index = index * len(control["values"]) + control["values"].index(start)
    return index


def _depart(self, node):
    pass
