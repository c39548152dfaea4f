"""From a chapter's comments to sections with fixed anchors and figures with captions.

A notebook says ``<!-- section: dense -->`` before a heading and ``<!-- figure: fig-id | alt text -->`` before a caption
in italics: JupyterLab, Colab and GitHub hide both comments, the build makes an anchor and a figure of them.

An anchor is used with an ordinary link, ``[text](#dense)`` or ``[text](03_xavier.ipynb#dense)``. Where the text of a
link to a figure or an equation is empty or the bare word (``[Figure](#fig-id)``, which reads well unrendered), its
number appears.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from ..building.editions import edition_of
from .explorers import explorer
from .tree import inside

logger = logging.getLogger(__name__)

COMMENT = re.compile(r"\s*<!--\s*(section|figure):\s*(.*?)\s*-->\s*", re.DOTALL)
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
WRAPPERS = ("proof-content", "exercise-content", "solution-content")
# what a name that starts so is called in the catalogue, and the domain and role that number it
NUMBERED = {"fig-": ("figure", "std", "numref"), "eq-": ("equation", "math", "eq")}


class Comments(SphinxTransform):
    """Apply the comments of a document; runs before docutils and MyST resolve references (priorities ≥ 300)."""

    default_priority = 220

    def apply(self):
        self.unwrap_directives()
        sections, figures = [], []
        for raw in list(self.document.findall(nodes.raw)) + list(self.document.findall(nodes.comment)):
            match = COMMENT.fullmatch(raw.astext())
            if match:
                (sections if match[1] == "section" else figures).append((raw, match[2]))
        self.anchor_sections(sections)
        for comment, text in figures:
            self.make_figure(comment, text)
        for picture in pictures(self.document):
            if not inside(picture, nodes.figure):
                self.warn(picture, "an image without “<!-- figure: id | alt text -->” and a caption after its cell")
        self.note_names()
        self.number_links()

    def unwrap_directives(self):
        """Theorems and exercises wrap their content in a section, always with the same id: that is no section."""
        for section in list(self.document.findall(nodes.section)):
            if section["ids"] and section["ids"][0] in WRAPPERS:
                section.parent.replace(section, section.children)

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
        headed = list(self.document.findall(nodes.section))
        if headed:
            named.setdefault(id(headed[0]), f"page-{self.env.docname.replace('_', '-')}")
        for section in headed:  # all of them first: the words of one heading may be the name of another section
            if id(section) in named:
                self.forget(section)
            else:
                self.warn(section, f"no “<!-- section: name -->” before the heading “{section[0].astext()}”")
        for section in headed:
            if id(section) in named:
                self.rename(section, named[id(section)])

    def make_figure(self, comment, text):
        """Move the pictures of the cell before the comment into a figure, with the paragraph after it as caption."""
        name, _, alt = (part.strip() for part in text.partition("|"))
        if not alt or not self.is_identifier(comment, name):
            self.warn(comment, f"a figure needs “<!-- figure: id | alt text -->”, got {text!r}")
            return
        siblings = comment.parent.children
        index = siblings.index(comment)
        caption = siblings[index + 1] if index + 1 < len(siblings) else None
        output = self.drawn_before(comment)
        if not (isinstance(caption, nodes.paragraph) and len(caption) == 1 and isinstance(caption[0], nodes.emphasis)):
            self.warn(comment, f"the figure {name!r} needs a caption after it: one paragraph in italics")
        elif output is None:
            self.warn(comment, f"the figure {name!r} must come right after a cell that draws one")
        else:
            figure = nodes.figure("", ids=[], classes=["align-center"])
            for picture in pictures(output):
                picture["alt"] = " ".join(alt.split())
            holder = output.parent
            holder.remove(output)
            if not holder.children and "cell_output" in holder["classes"]:
                holder.parent.remove(holder)
            figure += output.children if isinstance(output, nodes.paragraph) else output
            figure += nodes.caption("", "", *caption[0].children)
            caption.parent.remove(caption)
            comment.parent.replace(comment, figure)
            self.rename(figure, name)

    def drawn_before(self, comment):
        """What the comment names: an output with a picture of the cell right before it, or a paragraph of one image."""
        siblings = comment.parent.children
        before = [node for node in siblings[: siblings.index(comment)] if not isinstance(node, nodes.Invisible)]
        if not before:
            return None
        if isinstance(before[-1], nodes.paragraph) and [type(node) for node in before[-1]] == [nodes.image]:
            return before[-1]
        bundles = [
            node
            for node in before[-1].findall(nodes.container)
            if node.get("nb_element") == "mime_bundle" and pictures(node)
        ]
        return bundles[-1] if bundles and "cell" in before[-1].get("classes", []) else None

    def note_names(self):
        """Let links from this page and from others find every name on it (MyST looks only at headings)."""
        names = {}
        for node in self.document.findall(nodes.Element):
            title = next((child.astext() for child in node if isinstance(child, (nodes.title, nodes.caption))), "")
            names |= {name: (node.line, name, title) for name in node["ids"]}
            if isinstance(node, nodes.math_block) and node.get("label"):
                names[node["label"]] = (node.line, nodes.make_id(f"equation-{node['label']}"), "")
        self.document.myst_slugs = names
        self.env.metadata[self.env.docname]["myst_slugs"] = names

    def number_links(self):
        """Links to a figure or an equation show its number, unless the author wrote a text of their own."""
        numbers = edition_of(self.app).catalogue["numbers"]
        words = {kind: text.replace("%s", "").strip() for kind, text in numbers.items()}
        links = [*self.document.findall(nodes.reference), *self.document.findall(addnodes.pending_xref)]
        for link in links:
            name = link.get("refuri", "#").partition("#")[2] if link.get("id_link") else link.get("reftargetid") or ""
            kind, domain, role = next((NUMBERED[start] for start in NUMBERED if name.startswith(start)), ("", "", ""))
            if kind and link.astext().strip() in ("", words[kind]):
                target = {"refdomain": domain, "reftype": role, "reftarget": name, "refexplicit": False}
                number = addnodes.pending_xref("", refdoc=self.env.docname, refwarn=True, **target)
                number += nodes.inline("", name, classes=["xref", role])
                link.parent.replace(link, number)

    def forget(self, node):
        for old in node["ids"]:
            self.document.ids.pop(old, None)
        for old in node["names"]:
            self.document.nameids.pop(old, None)
            self.document.nametypes.pop(old, None)
        node["ids"], node["names"], node["dupnames"] = [], [], []

    def rename(self, node, name):
        self.forget(node)
        if name in self.document.ids:
            self.warn(node, f"the name {name!r} stands twice")
        node["ids"], node["names"] = [name], [name]
        self.document.ids[name] = node
        self.document.nameids[name] = name
        # figures are numbered through the whole edition; the names of sections are each page's own
        self.document.nametypes[name] = isinstance(node, nodes.figure)

    def is_identifier(self, node, name):
        if IDENTIFIER.fullmatch(name):
            return True
        self.warn(node, f"{name!r} is no name: use small letters, digits and single hyphens")
        return False

    def warn(self, node, message):
        logger.warning(message, location=node if node.line or node.source else self.env.docname)


def pictures(node):
    """The images and explorers below `node`."""
    return [*node.findall(nodes.image), *node.findall(explorer)]


def setup(app):
    app.add_transform(Comments)
