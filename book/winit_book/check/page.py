"""The source of a page, as the rules read it: cells, comments, the names one can link to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import nbformat

from ..appendices.bibliography import PAGE as BIBLIOGRAPHY
from ..appendices.bibliography import references
from ..appendices.glossary import PAGE as GLOSSARY
from ..appendices.glossary import read_terms
from ..appendices.misconceptions import PAGE as MISCONCEPTIONS
from ..appendices.misconceptions import read_misconceptions
from ..building.editions import Edition, named
from ..building.stored import NO_NOTEBOOK, short
from ..lab.page import PAGE as LAB
from ..paths import BOOK

SECTION = re.compile(r"<!--\s*section:\s*(.*?)\s*(?:\|\s*deeper\s*)?-->")
FIGURE = re.compile(r"<!--\s*figure:\s*(.*?)\s*-->", re.DOTALL)
TASK = re.compile(r"^<!--\s*(?:guess|exercise):\s*(.*?)\s*-->", re.MULTILINE)
EQUATION = re.compile(r"^\$\$.*?\$\$\s*\(([\w-]+)\)", re.DOTALL | re.MULTILINE)
LABEL = re.compile(r"^:label:\s*(\S+)", re.MULTILINE)
CODE = re.compile(r"^(```+|~~~+).*?^\1|(`+)[^`\n].*?\2", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook, or the whole of a Markdown page; `number` counts from 1."""

    number: int
    kind: str
    source: str
    node: nbformat.NotebookNode | None = None

    @cached_property
    def words(self) -> str:
        """The source without the code in it, at the same places."""
        return CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), self.source)

    @property
    def outputs(self) -> list:
        return self.node.outputs if self.kind == "code" else []

    @property
    def printed(self) -> str:
        """What the cell said in words and numbers."""
        return "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in self.outputs)

    @property
    def pictures(self) -> int:
        return sum("image/png" in output.get("data", {}) for output in self.outputs)


@dataclass(frozen=True)
class Page:
    """A page of an edition.

    Attributes
    ----------
    pages : dict
        All pages of the edition by name, for links and names that stand once; an exam, to which nothing may link, is
        not among them.
    first : Page or None
        The same page of the first edition, with which the others keep in step; None in the first edition itself.
    """

    edition: Edition
    path: Path
    pages: dict[str, Page] = field(repr=False)
    first: Page | None = None

    @property
    def twin(self) -> Page | None:
        """What the page is compared with; nothing where one of the two cannot be read."""
        return self.first if self.first and not self.first.unreadable else None

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def place(self) -> str:
        return named(self.path)

    @cached_property
    def unreadable(self) -> str:
        """Why a file is no notebook, after a merge for example; empty where it is one."""
        try:
            _ = self.notebook
        except NO_NOTEBOOK as error:
            return short(error)
        return ""

    @cached_property
    def notebook(self) -> nbformat.NotebookNode | None:
        return nbformat.read(self.path, as_version=4) if self.path.suffix == ".ipynb" else None

    @cached_property
    def cells(self) -> list[Cell]:
        if self.path.suffix == ".md":
            return [Cell(1, "markdown", self.path.read_text("utf8"))]
        if self.unreadable:
            return []
        return [Cell(i, cell.cell_type, cell.source, cell) for i, cell in enumerate(self.notebook.cells, 1)]

    @property
    def markdown(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "markdown"]

    @property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    def found(self, pattern: re.Pattern) -> list[tuple[int, str]]:
        """What a pattern finds in the words of the page: number of the cell, first group."""
        return [(cell.number, match[1]) for cell in self.markdown for match in pattern.finditer(cell.words)]

    @cached_property
    def sections(self) -> list[tuple[int, str]]:
        return self.found(SECTION)

    @cached_property
    def figures(self) -> list[tuple[int, str]]:
        return [(cell, text.partition("|")[0].strip()) for cell, text in self.found(FIGURE)]

    @cached_property
    def numbered(self) -> list[tuple[int, str]]:
        """Names of what is numbered through the edition: figures, equations, exercises."""
        return [*self.figures, *self.found(EQUATION), *self.found(LABEL)]

    @cached_property
    def anchors(self) -> set[str]:
        """Every name on the page that a link may lead to, those included that the build writes."""
        own = {name for _, name in [*self.sections, *self.numbered, *self.found(TASK)]}
        return own | {f"page-{self.name.replace('_', '-')}"} | made_anchors(self.name)


@cache
def made_anchors(page: str) -> set[str]:
    """The names on a page that is made from a source of its own."""
    if page == BIBLIOGRAPHY:
        return set(references())
    if page == GLOSSARY:
        return {term.anchor for term in read_terms()}
    if page == MISCONCEPTIONS:
        return {row.id for row in read_misconceptions()}
    if page == LAB:
        return set(re.findall(r'id="([\w-]+)"', (BOOK / "templates" / "lab.html").read_text("utf8")))
    return set()


def read_pages(editions: list[Edition]) -> list[Page]:
    """All pages of all editions and their exams, edition by edition; a page is read when a rule asks for it."""
    first, every = {}, []
    for edition in editions:
        pages: dict[str, Page] = {}
        for path in edition.sources:
            pages[path.stem] = Page(edition, path, pages, first.get(path.stem))
        exams = {path.stem: Page(edition, path, pages, first.get(path.stem)) for path in edition.exam}
        first = first or pages | exams
        every += [*pages.values(), *exams.values()]
    return every
