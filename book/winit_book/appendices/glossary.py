"""The glossary, and the way into it: in a chapter the first use of a term leads to its entry.

The terms are the rows of `book/terms.yml`. A Korean chapter introduces a term with the English one in parentheses,
팬인(fan-in): that is the place. An English chapter uses the word, and the first place in running text is taken;
headings, links, code and formulas are left alone. Hover and focus show the term in the other languages
(styles/appendices.css).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from ..content.labels import inline
from ..content.tree import inside, parents
from ..paths import BOOK, read_yaml

PAGE = "glossary"
TAGS = {"zh": "zh-Hant"}  # the tag of a language where its key in the rows is another one
HANGUL = re.compile("[가-힣]")
LEFT_ALONE = (nodes.title, nodes.caption, nodes.reference, nodes.literal, nodes.raw, nodes.math, nodes.math_block)
LEFT_ALONE += (nodes.FixedTextElement, addnodes.pending_xref, nodes.thead)


@dataclass(frozen=True)
class Term:
    """One row; the head of `book/terms.yml` says what its fields hold."""

    words: dict[str, str]
    means: dict[str, str]
    also: tuple[str, ...] = ()
    everyday: bool = False

    @property
    def anchor(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.words["en"].lower())

    def names(self, language: str) -> list[str]:
        """What a text in that language may call it."""
        also = [name for name in self.also if language == ("ko" if HANGUL.search(name) else "en")]
        return [self.words[language], *also]

    def others(self, language: str) -> dict[str, str]:
        """The term in the other languages, by their tags."""
        return {TAGS.get(key, key): word for key, word in self.words.items() if key != language}


class term_use(nodes.Inline, nodes.TextElement):
    """The first use of a term; its `anchor`, and in `gloss` what it means and its other names, as HTML."""


@cache
def read_terms() -> list[Term]:
    rows = read_yaml(BOOK / "terms.yml")
    return [
        Term(means=row.pop("means"), also=tuple(row.pop("also", ())), everyday=row.pop("everyday", False), words=row)
        for row in rows
    ]


def places(terms: list[Term], language: str) -> re.Pattern:
    """A pattern for the places where a text may lead to an entry; the group `t3` is such a place of `terms[3]`."""
    choices = []
    for index, row in enumerate(terms):
        english = "|".join(map(re.escape, row.names("en")))
        for name in row.names(language):
            if language == "ko":
                choices.append(
                    (name, f"(?<![가-힣])(?P<t{index}_{len(choices)}>{re.escape(name)})(?=\\([^()]*\\b(?i:{english}))")
                )
            elif not row.everyday:
                case = "" if name.isupper() else "i"
                choices.append(
                    (name, f"(?<![\\w-])(?P<t{index}_{len(choices)}>(?{case}:{re.escape(name)}(?:es|s)?))(?![\\w-])")
                )
    longest_first = sorted(choices, key=lambda choice: -len(choice[0]))
    return re.compile("|".join(pattern for _, pattern in longest_first))


def first_uses(text: str, pattern: re.Pattern, seen: set[int]):
    """The text in pieces, and for each piece the number of the term that it is the first use of, or None."""
    pieces, end = [], 0
    for match in pattern.finditer(text):
        index = int(match.lastgroup[1:].partition("_")[0])
        if index not in seen:
            seen.add(index)
            pieces += [(text[end : match.start()], None), (match[0], index)]
            end = match.end()
    return [piece for piece in [*pieces, (text[end:], None)] if piece[0]]


class LinkTerms(SphinxTransform):
    """Mark the first use of every term in a chapter."""

    default_priority = 800

    def apply(self):
        if not self.env.docname[0].isdigit() or PAGE not in self.env.found_docs:
            return
        language, terms, seen = self.config.edition, read_terms(), set()
        pattern = places(terms, language)
        for text in list(self.document.findall(nodes.Text)):
            if inside(text, LEFT_ALONE) or any("options" in parent.get("classes", ()) for parent in parents(text)):
                continue
            pieces = first_uses(text, pattern, seen)
            if any(index is not None for _, index in pieces):
                text.parent.replace(text, [self.piece(words, terms, index) for words, index in pieces])
        self.env.metadata[self.env.docname]["terms"] = sorted(terms[index].anchor for index in seen)

    def piece(self, words, terms, index):
        if index is None:
            return nodes.Text(words)
        return term_use("", words, anchor=terms[index].anchor, gloss=gloss(terms[index], self.config.edition))


def gloss(row: Term, language: str) -> str:
    """What a tooltip says: the meaning in the page's language, then the other names."""
    names = {name: language for name in row.names(language)[1:]}
    names |= {name: tag for tag, name in row.others(language).items()}
    others = " · ".join(f'<span lang="{tag}">{escape(name)}</span>' for name, tag in names.items())
    return f'{inline(" ".join(row.means[language].split()))} <span class="others">{others}</span>'


class Glossary(Directive):
    """`:::{glossary-list}`: all terms, in the order of the edition's language."""

    def run(self):
        language = self.state.document.settings.env.config.edition
        rows = sorted(read_terms(), key=lambda row: row.words[language].casefold())
        return [nodes.definition_list("", *(self.entry(row, language) for row in rows), classes=[PAGE])]

    def entry(self, row: Term, language: str) -> nodes.definition_list_item:
        head = nodes.term("", row.words[language], ids=[row.anchor])
        for tag, other in row.others(language).items():
            head += [nodes.Text(" "), nodes.inline("", other, classes=[f"language-{tag}", "other"])]
        body = nodes.definition()
        self.state.nested_parse(StringList([row.means[language].strip()], "terms.yml"), self.content_offset, body)
        return nodes.definition_list_item("", head, body)


def setup(app):
    app.add_directive("glossary-list", Glossary)
    app.add_transform(LinkTerms)
    app.add_node(term_use, html=(_visit_term, _depart_term))
    app.connect("html-page-context", _add_script)
    app.connect("doctree-resolved", _name_the_chapters)


def _visit_term(self, node):
    address = self.builder.get_relative_uri(self.builder.current_docname, PAGE)
    href = self.attval(f"{address}#{node['anchor']}")
    self.body.append(f'<span class="term-use"><a class="term" href="{href}" aria-describedby="gloss-{node["anchor"]}">')


def _depart_term(self, node):
    self.body.append(
        f'</a><span class="gloss" id="gloss-{node["anchor"]}" role="tooltip" hidden>{node["gloss"]}</span></span>'
    )


def _add_script(app, pagename, templatename, context, doctree):
    if doctree is not None and any(doctree.findall(term_use)):
        app.add_js_file("terms.js", loading_method="defer")


def _name_the_chapters(app, doctree, docname):
    """Behind every entry the chapters in which the term is introduced."""
    if docname != PAGE:
        return
    for head in doctree.findall(nodes.term):
        using = [page for page, data in app.env.metadata.items() if head["ids"][0] in data.get("terms", ())]
        if using:
            line = nodes.inline("", "", classes=["used"])
            for number, page in enumerate(sorted(using)):
                address = app.builder.get_relative_uri(docname, page)
                line += [
                    nodes.Text(" " if number else ""),
                    nodes.reference("", page[:2], refuri=address, internal=True),
                ]
            body = head.parent[-1][-1]
            body += [nodes.Text(" "), line]
