"""From a chapter's comments to sections with fixed anchors and figures with captions.

A notebook says ``<!-- section: dense -->`` before a heading and ``<!-- figure: fig-id | alt text -->`` before a caption
in italics: JupyterLab, Colab and GitHub hide both comments, the build makes an anchor and a figure of them.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

COMMENT = re.compile(r"\s*<!--\s*(section|figure):\s*(.*?)\s*-->\s*", re.DOTALL)
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Comments(SphinxTransform):
    """Apply the comments of a document; runs before docutils and MyST resolve references (priorities ≥ 300)."""

    default_priority = 220

    def apply(self):
        sections, figures = [], []
        for raw in list(self.document.findall(nodes.raw)) + list(self.document.findall(nodes.comment)):
            match = COMMENT.fullmatch(raw.astext())
            if match:
                (sections if match[1] == "section" else figures).append((raw, match[2]))
        self.anchor_sections(sections)
        for comment, text in figures:
            self.make_figure(comment, text)
        for image in self.document.findall(nodes.image):
            if not _inside(image, nodes.figure):
                self.warn(image, "an image without “<!-- figure: id | alt text -->” and a caption after its cell")

    def anchor_sections(self, comments):
        """The comment's name becomes the only anchor of the next section, the same in every edition."""
        order = list(self.document.findall())
        position = {id(node): index for index, node in enumerate(order)}
        named = {}
        for comment, name in comments:
            following = next((n for n in order[position[id(comment)] :] if isinstance(n, nodes.section)), None)
            if following is None:
                self.warn(comment, f"no heading follows “<!-- section: {name} -->”")
            elif self.is_identifier(comment, name):
                named[id(following)] = name
            comment.parent.remove(comment)
        for depth, section in enumerate(list(self.document.findall(nodes.section))):
            name = named.get(id(section)) or (f"page-{self.env.docname.replace('_', '-')}" if depth == 0 else None)
            if name is None:
                self.warn(section, f"no “<!-- section: name -->” before the heading “{section[0].astext()}”")
            else:
                self.rename(section, name)

    def make_figure(self, comment, text):
        """Move the images of the cell before the comment into a figure, with the paragraph after it as caption."""
        name, _, alt = (part.strip() for part in text.partition("|"))
        if not alt or not self.is_identifier(comment, name):
            self.warn(comment, f"a figure needs “<!-- figure: id | alt text -->”, got {text!r}")
            return
        siblings = comment.parent.children
        index = siblings.index(comment)
        caption = siblings[index + 1] if index + 1 < len(siblings) else None
        output = self.output_before(comment)
        if not (isinstance(caption, nodes.paragraph) and len(caption) == 1 and isinstance(caption[0], nodes.emphasis)):
            self.warn(comment, f"the figure {name!r} needs a caption after it: one paragraph in italics")
        elif output is None:
            self.warn(comment, f"the figure {name!r} must come right after a cell that draws one")
        else:
            figure = nodes.figure("", ids=[], classes=["align-center"])
            for image in output.findall(nodes.image):
                image["alt"] = alt
            output.parent.remove(output)
            figure += output
            figure += nodes.caption("", "", *caption[0].children)
            caption.parent.remove(caption)
            comment.parent.replace(comment, figure)
            self.rename(figure, name)

    def output_before(self, comment):
        """The output with an image of the notebook cell right before the comment."""
        siblings = comment.parent.children
        before = [node for node in siblings[: siblings.index(comment)] if not isinstance(node, nodes.Invisible)]
        if not before or "cell" not in before[-1].get("classes", []):
            return None
        bundles = [
            node
            for node in before[-1].findall(nodes.container)
            if node.get("nb_element") == "mime_bundle" and any(node.findall(nodes.image))
        ]
        return bundles[-1] if bundles else None

    def rename(self, node, name):
        for old in node["ids"]:
            self.document.ids.pop(old, None)
        for old in node["names"]:
            self.document.nameids.pop(old, None)
            self.document.nametypes.pop(old, None)
        if name in self.document.ids:
            self.warn(node, f"the name {name!r} stands twice")
        node["ids"], node["names"], node["dupnames"] = [name], [name], []
        self.document.ids[name] = node
        self.document.nameids[name] = name
        self.document.nametypes[name] = True

    def is_identifier(self, node, name):
        if IDENTIFIER.fullmatch(name):
            return True
        self.warn(node, f"{name!r} is no name: use small letters, digits and single hyphens")
        return False

    def warn(self, node, message):
        logger.warning(message, location=node if node.line or node.source else self.env.docname)


def _inside(node, kind):
    while node is not None and not isinstance(node, kind):
        node = node.parent
    return node is not None


def setup(app):
    app.add_transform(Comments)
