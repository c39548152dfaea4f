"""The rules: each looks at one page and yields the number of a cell (or None), what is wrong there, and the cure.

A new rule is a function and its name in `RULES`; the tests ask for a page that breaks it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ..appendices.misconceptions import PAGE as MISCONCEPTIONS
from ..appendices.misconceptions import read_misconceptions
from ..building.editions import EXAM
from ..building.in_step import difference
from ..building.sound import form_words
from ..building.stored import keeps_outputs, tidy, tidy_output
from ..content import forms as chapter_forms
from ..content import minutes
from ..content.states import FORM as STATE
from ..lab.links import troubles
from ..lab.page import PAGE as LAB
from .citations import CITATION, mistake
from .numbers import allowed, numbers, sections, unconfirmed
from .page import FIGURE, LABEL, SECTION, Page

CORE_CELLS, CLINIC_CELLS = 30, 50  # without solutions
CORE_WORDS = {"en": 2200, "ko": 1600}
CODE_LINES, CODE_WIDTH = 12, 80  # what a reader takes in at once, and what a page shows without scrolling
ONE_THREAD = 'threadpool_limits(1, "blas")  # small products are slower in several threads'
FOLDED = {"hide-input", "hide-cell"}
HEADING = re.compile(r"(#{1,6})\s+(.*)")
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>")
CAPTION = re.compile(r"([*_])(?!\s).*(?<!\s)\1", re.DOTALL)
LINK = re.compile(r"\]\(([^()\s]*)\)")
ROLE = re.compile(r"\{(?:eq|numref|ref)\}`(?:[^`<]*<)?([^`<>]+)>?`")
IN_ORDER = {  # what stands in every edition in the same order
    "section": SECTION,
    "figure": re.compile(r"<!--\s*figure:\s*(\S+)\s*\|"),
    "formula": re.compile(r"^\$\$(.*?)\$\$", re.DOTALL | re.MULTILINE),
    "label": LABEL,
    "link": re.compile(r"\]\((#[^)]*)\)"),
    "citation": re.compile(r"\]\(bibliography\.md#([^)]*)\)"),
}
Found = Iterator[tuple[int | None, str, str]]


@dataclass(frozen=True)
class Fault:
    """A page breaks a rule."""

    place: str
    cell: int | None
    rule: str
    what: str
    cure: str

    def __str__(self) -> str:
        cell = "" if self.cell is None else f", cell {self.cell}"
        return f"{self.place}{cell}: {self.rule}: {' '.join(self.what.split())}; {self.cure}"


def faults(page: Page) -> list[Fault]:
    """Every rule that the page breaks, and where."""
    if page.unreadable:
        return [Fault(page.place, None, "notebook", page.unreadable, "resolve the merge, or restore the file from git")]
    return [
        Fault(page.place, cell if page.notebook else None, rule.__name__, what, cure)
        for rule in RULES
        for cell, what, cure in rule(page)
    ]


def headings(page: Page) -> Found:
    """A title, and a name before every heading below it."""
    level = 0
    for cell in page.markdown:
        name = ""
        for line in [*cell.words.splitlines(), ""]:
            comment, heading = SECTION.fullmatch(line.strip()), HEADING.match(line)
            if name and not heading and (comment or line.strip()):
                yield (
                    cell.number,
                    f"no heading follows the section {name!r}",
                    "put the comment right before its heading",
                )
            if comment:
                name = comment[1]
                if not chapter_forms.IDENTIFIER.fullmatch(name):
                    yield cell.number, f"{name!r} is no name", "use small letters, digits and single hyphens"
            elif heading:
                depth = len(heading[1])
                if level and not name:
                    cure = "write “<!-- section: name -->” on the line before it, the same in every edition"
                    yield cell.number, f"the heading “{heading[2]}” has no name", cure
                if depth > level + 1:
                    cure = f"write {'#' * (level + 1)}" if level else "begin the page with its title, “# …”"
                    yield cell.number, f"the heading “{heading[2]}” has {depth} #", cure
                level, name = depth, ""
            elif line.strip():
                name = ""
        if name:
            yield cell.number, f"no heading follows the section {name!r}", "put the comment before its heading"
    if not level:
        yield None, "no title", "begin the page with “# …”"


def figures(page: Page) -> Found:
    """Every picture is a figure with a name, an alternative text and a caption, right after the cell that draws it."""
    for cell, following in zip(page.cells, [*page.cells[1:], None]):
        if cell.pictures > 1:
            yield cell.number, f"draws {cell.pictures} pictures", "let a cell draw one, with panels side by side"
        if cell.pictures and not (following and FIGURE.match(following.source.lstrip())):
            cure = "begin the next cell with “<!-- figure: fig-id | alt text -->” and a caption in italics"
            yield cell.number, "draws a picture that is no figure", cure
        if cell.kind == "markdown":
            for image in IMAGE.finditer(cell.words):
                if not FIGURE.match(cell.words[image.end() :].lstrip()):
                    cure = "write “<!-- figure: fig-id | alt text -->” and a caption in italics after it"
                    yield cell.number, f"the image {image[0]} is no figure", cure
    drawn = {cell.number for cell in page.code if cell.pictures}
    for cell in page.markdown:
        for comment in FIGURE.finditer(cell.words):
            name, _, alt = (part.strip() for part in comment[1].partition("|"))
            before = re.sub(r"<!--.*?-->", "", cell.words[: comment.start()], flags=re.DOTALL).strip()
            caption = re.split(r"\n\s*\n", cell.source[comment.end() :].strip())[0].strip()
            if not chapter_forms.IDENTIFIER.fullmatch(name):
                yield cell.number, f"{name!r} is no name of a figure", "use small letters, digits and single hyphens"
            if not alt:
                yield (
                    cell.number,
                    f"the figure {name!r} has no alternative text",
                    f"write “<!-- figure: {name} | … -->”",
                )
            if not CAPTION.fullmatch(caption):
                cure = "write one paragraph in italics after the comment"
                yield cell.number, f"the figure {name!r} has no caption", cure
            if before.rpartition("\n\n")[2] and not IMAGE.fullmatch(before.rpartition("\n\n")[2]):
                yield cell.number, f"words stand before the figure {name!r}", "begin the cell with its comment"
            elif not before and cell.number - 1 not in drawn:
                cure = f"move it after the cell that draws, or run make notebooks CHAPTER={page.name}"
                yield cell.number, f"nothing is drawn right before the figure {name!r}", cure


def names(page: Page) -> Found:
    """A name stands once on its page; of a figure, an equation or an exercise once in the edition."""
    seen = set()
    for cell, name in [*page.sections, *page.numbered]:
        if name in seen:
            yield cell, f"the name {name!r} stands twice on the page", "rename one of them, in every edition"
        seen.add(name)
    for other in page.pages.values():
        if other is not page:
            taken = {name for _, name in other.numbered}
            for cell, name in page.numbered:
                if name in taken:
                    yield cell, f"the name {name!r} stands in {other.place}, too", "rename one, in every edition"


def links(page: Page) -> Found:
    """Links inside of the course lead somewhere."""
    files = {other.path.name: other for other in page.pages.values()}
    everywhere = {name for other in page.pages.values() for _, name in other.numbered}
    for cell in page.markdown:
        for target in LINK.findall(cell.words):
            if re.match(r"[a-z]+:", target):
                continue  # the weekly look at outside addresses
            address, _, fragment = target.partition("#")
            fragment = fragment.partition("?")[0]  # of a phrase that moves a figure; the build knows its values
            file, _, query = address.partition("?")
            other = files.get(file) if file else page
            if other is None:
                if not file or file == EXAM or not (page.path.parent / file).is_file():  # the build would copy the exam
                    yield cell.number, f"the link {target!r} leads to no page", nearest(file, files)
            elif fragment and fragment not in other.anchors and not other.unreadable:
                yield cell.number, f"the link {target!r} leads to no place", nearest(fragment, other.anchors)
            elif not target:
                yield cell.number, "a link without a target", "write the address between the parentheses"
            for trouble in _states(other, query) if query else []:
                yield cell.number, f"the link {target!r}: {trouble}", "open the lab and copy its address"
        for name in ROLE.findall(cell.source):
            if name not in everywhere:
                yield cell.number, f"nothing is called {name!r}", nearest(name, everywhere)
        for match in STATE.finditer(" ".join(re.findall(r"\{state\}`([^`]*)`", cell.source))):
            _, other, _, figure = match.groups()
            if other in page.pages and figure not in page.pages[other].anchors:
                cure = nearest(figure, page.pages[other].anchors)
                yield cell.number, f"the state of {figure!r}: {other} has no such figure", cure


def _states(other: Page | None, query: str) -> list[str]:
    if other is None or other.name != LAB:
        return ["only the lab takes a state"]
    try:
        return [f"the lab has no {trouble}" for trouble in troubles(query)]
    except ValueError as error:
        return [str(error)]


def nearest(name: str, known) -> str:
    """The cure for a name that nobody knows."""
    close = difflib.get_close_matches(name, known, 3, 0.5)
    return f"perhaps {' or '.join(close)}" if close else "mend the name, or take the link away"


def code(page: Page) -> Found:
    """Code in sight is short and fits the page; no cell ends with a semicolon, which nbval trips over."""
    for cell in page.code:
        if cell.source.rstrip().endswith(";"):
            yield cell.number, "ends with a semicolon", "end a cell that plots with plt.show()"
        if FOLDED & set(cell.node.metadata.get("tags", [])):
            continue
        lines = cell.source.splitlines()
        count = sum(bool(line.strip()) for line in lines)
        if count > CODE_LINES:
            cure = f"split it, or fold plumbing with the tag hide-input; at most {CODE_LINES}"
            yield cell.number, f"{count} lines of code", cure
        for line in lines:
            if len(line) > CODE_WIDTH:
                yield cell.number, f"a line of {len(line)} characters, “{line.strip()[:30]}…”", f"at most {CODE_WIDTH}"


def threads(page: Page) -> Found:
    """Where NumPy computes, the first cell of code says in sight that BLAS takes one thread, and why."""
    if any("import numpy" in cell.source for cell in page.code) and ONE_THREAD not in page.code[0].source.splitlines():
        yield page.code[0].number, "leaves BLAS all its threads", f"write “{ONE_THREAD}” into the first cell of code"


def stored(page: Page) -> Found:
    """Outputs come from one run from top to bottom, and git holds nothing that only a living kernel knows."""
    if not page.notebook:
        return
    cure = f"run make notebooks CHAPTER={page.name}"
    if set(page.notebook.metadata) != {"kernelspec", "language_info"}:
        yield None, f"metadata of the notebook: {', '.join(page.notebook.metadata) or 'none'}", cure
    told = [(count, cell) for count, cell in enumerate(page.code, 1) if keeps_outputs(cell.node.metadata, page.path)]
    order = [cell for count, cell in told if cell.node.execution_count != count]
    for cell in order[:1]:
        count = f"as number {cell.node.execution_count}" if cell.node.execution_count else "not at all"
        yield cell.number, f"was executed {count}, and not right after the cells above", cure
    for cell in page.code:
        if not keeps_outputs(cell.node.metadata, page.path) and (cell.outputs or cell.node.execution_count):
            what = "an exam" if page.path.name == EXAM else "a solution"
            yield cell.number, f"git holds what {what} prints", cure
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                yield cell.number, "its output is an error or a warning", f"mend the cell, then {cure}"
            if output != tidy_output(output):
                yield cell.number, "its output holds a widget or metadata", cure
    for cell in page.cells:
        if cell.node.metadata != tidy(cell.node.metadata):
            yield cell.number, f"metadata {', '.join(cell.node.metadata)}", cure


def in_step(page: Page) -> Found:
    """Only words differ between the editions."""
    first = page.twin
    if not (first and first.notebook and page.notebook):
        return
    found = difference(first.notebook, page.notebook)
    if found:
        languages = " or ".join(f"FROM={edition}" for edition in (first.edition.language, page.edition.language))
        cure = f"run make notebooks CHAPTER={page.name} with {languages}"
        if found[1] == "kind":
            cure = "each edition needs the same code and Markdown cells in the same order"
        yield found[0], f"its {found[1]} differs from {first.place}", cure
        return
    cure = f"run make notebooks CHAPTER={page.name}"
    if first.notebook.metadata != page.notebook.metadata:
        yield None, f"the metadata differ from {first.place}", cure
    pairs = list(zip(page.cells, first.cells))
    ids = [ours.number for ours, theirs in pairs if ours.node.id != theirs.node.id]
    outputs = [ours.number for ours, theirs in pairs if ours.kind == "code" and _made(ours) != _made(theirs)]
    for what, cells in (("id", ids), ("output", outputs)):
        if cells:
            more = f", as in {len(cells) - 1} more cells" if len(cells) > 1 else ""
            yield cells[0], f"its {what} differs from {first.place}{more}", cure


def _made(cell):
    return cell.node.execution_count, cell.outputs


def same_names(page: Page) -> Found:
    """Sections, figures, formulas, labels, links on the page and citations are the same in every edition, in order."""
    if page.twin is None:
        return
    for kind, pattern in IN_ORDER.items():
        ours, theirs = page.found(pattern), page.twin.found(pattern)
        end = (ours[-1][0] if ours else None, "")
        for (cell, name), (_, other) in zip([*ours, end], [*theirs, end]):
            if name != other:
                said = [f"“{text.strip()[:40]}”" if text else "nothing" for text in (name, other)]
                cure = "make them the same"
                yield cell, f"the {kind} is {said[0]}, in {page.twin.place} it is {said[1]}", cure
                break


def numbers_are_computed(page: Page) -> Found:
    """Every number in prose stands in an output, in the code or in a formula of its section, or of one linked to."""
    if not page.notebook:
        return
    found = sections(page)
    for name, section in found.items():
        known, where = allowed(found, name), f"of the section {name!r}" if name else "before the first section"
        for cell, text in section.prose.items():
            for number in sorted(numbers(text) - known):
                cure = "print it there at these digits, or link to the section that does"
                yield cell, f"no cell {where} computes {number}", cure


def same_numbers(page: Page) -> Found:
    """The editions write the same numbers in each section."""
    if page.twin is None or not page.notebook:
        return
    theirs = sections(page.twin)
    for name, section in sections(page).items():
        for number in sorted(section.numbers ^ theirs.get(name, section).numbers):
            cell = next((cell for cell, text in section.prose.items() if number in numbers(text)), None)
            cell = cell or next(iter(section.prose), None)
            yield cell, f"only one edition writes {number} in the section {name!r}", f"compare with {page.twin.place}"


def citations(page: Page) -> Found:
    """A citation names an entry, its year and one of its authors."""
    for cell in page.markdown:
        for words, key in CITATION.findall(cell.words):
            wrong = mistake(words, key)
            if wrong:
                yield cell.number, f"the citation “{words}” of {key}: {wrong}", "mend it or book/references.bib"


def misconceptions(page: Page) -> Found:
    """What `book/misconceptions.yml` says of this chapter stands in its outputs."""
    for row in read_misconceptions():
        if page.name == MISCONCEPTIONS and row.chapter not in page.pages:
            yield None, f"{row.id}: no chapter {row.chapter}", "mend the row in book/misconceptions.yml"
        if page.name == row.chapter:
            for wrong in unconfirmed(row, page):
                yield None, f"{row.id}: {wrong}", "mend the row in book/misconceptions.yml, or the cell"


@cache
def _exercises():
    from winit.check import exercises  # numpy takes its time, and most pages ask for none

    return exercises()


def forms(page: Page) -> Found:
    """Guesses, exercises, folds and deeper sections are written as the build reads them."""
    cells = page.notebook.cells if page.notebook else []
    for number, wrong in chapter_forms.faults(cells, form_words(page.edition), _exercises() if cells else {}):
        yield number, wrong, "CONTRIBUTING.md shows the forms"


def bounds(page: Page) -> Found:
    """The core of a chapter with a guess on its page is short."""
    if not page.notebook or not any(chapter_forms.form_of(cell) for cell in page.notebook.cells):
        return
    cells = 0
    for cell in page.notebook.cells:
        if minutes.DEEPER.search(cell.source):
            break
        cells += not chapter_forms.is_solution(cell)
    most = CLINIC_CELLS if page.name.endswith("clinic") else CORE_CELLS
    if cells > most:
        yield None, f"{cells} cells before the first deeper section", f"at most {most}; move some behind it"
    words, most_words = minutes.lengths(page.notebook)[0].words, CORE_WORDS.get(page.edition.language, 2200)
    if words > most_words:
        yield None, f"{words} words before the first deeper section", f"at most {most_words}; move some behind it"


RULES = (
    headings,
    figures,
    names,
    links,
    code,
    threads,
    stored,
    in_step,
    same_names,
    numbers_are_computed,
    same_numbers,
    citations,
    misconceptions,
    forms,
    bounds,
)
