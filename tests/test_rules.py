"""`make check`: the book keeps every rule, and each rule finds the page that breaks it, in one line with the cure."""

import base64
import dataclasses
import inspect
import re

import nbformat
import pytest
import tiny_book
from tiny_book import code, notebook, text
from winit_book.building.editions import read_editions
from winit_book.check import __main__ as check
from winit_book.check import rules
from winit_book.check.page import read_pages
from winit_book.paths import ROOT

PAGES = read_pages(read_editions(ROOT))
DRAWN = {"image/png": base64.b64encode(b"a picture").decode(), "text/plain": "<Figure size 640x480 with 1 Axes>"}


@pytest.mark.parametrize("name", [page.name for page in PAGES if page.first is None])
def test_the_book_keeps_every_rule(name):
    assert not [str(fault) for page in PAGES if page.name == name for fault in rules.faults(page)]


def chapter():
    """A notebook without a fault, its outputs included."""
    book = notebook(
        text("# 01 A\n\n[42.5](#sums), after [Glorot & Bengio (2010)](bibliography.md#glorot2010)."),
        code("print(40 + 2.5)"),
        text("<!-- section: sums -->\n## Sums\n\n$$ a = b $$ (eq-sum)\n\na sum, [](#eq-sum); [page](02_b.md#more)."),
        code("plt.plot([1, 2])\nplt.show()"),
        text("<!-- figure: fig-line | A line that rises -->\n*A line. Look [back](01_a.ipynb#fig-line).*"),
        text(
            "<!-- section: summary -->\n## Summary\n\nShort.\n\n"
            "<!-- section: end | deeper -->\n## End\n\n[A state](lab.md?preset=he) [x](#fig-line?x=2), {eq}`eq-sum`."
        ),
    )
    book.metadata["language_info"] = {"name": "python"}
    for count, cell in enumerate((cell for cell in book.cells if cell.cell_type == "code"), 1):
        cell.execution_count = count
    book.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="42.5\n")]
    book.cells[3].outputs = [nbformat.v4.new_output("display_data", data=DRAWN)]
    return book


GUESS = """<!-- guess: guess-a -->
Which?

- 1 <!-- right -->
- 2

<details><summary>A</summary>

1.

</details>

"""
PAGE = "# {}\n\n<!-- section: more -->\n## More\n\nWords.\n"


@pytest.fixture
def book(tmp_path):
    pages = {name: PAGE.format(name) for name in ("index", "02_b", "lab", "bibliography")}
    return tiny_book.write(tmp_path, {edition: {**pages, "01_a": chapter()} for edition in ("en", "ko")})


def found(book):
    return [str(fault) for page in read_pages(read_editions(book)) for fault in rules.faults(page)]


def replace(cell, old, new):
    def change(notebook):
        assert old in notebook.cells[cell - 1].source
        notebook.cells[cell - 1].source = notebook.cells[cell - 1].source.replace(old, new)

    return change


def output(cell, **changes):
    def change(notebook):
        notebook.cells[cell - 1].outputs[0].update(changes)

    return change


def on_cell(cell, **changes):
    return lambda notebook: notebook.cells[cell - 1].update(changes)


BROKEN = [  # what is done to a chapter, the cell, the rule, words of the line
    (replace(3, "<!-- section: sums -->\n", ""), 3, "headings", "“Sums” has no name; write “<!-- section"),
    (replace(3, "## Sums", "Sums"), 3, "headings", "no heading follows the section 'sums'"),
    (replace(3, "sums -->", "Sums! -->"), 3, "headings", "'Sums!' is no name"),
    (replace(3, "## Sums", "#### Sums"), 3, "headings", "“Sums” has 4 #; write ##"),
    (replace(1, "# 01 A", "01 A"), 3, "headings", "begin the page with its title"),
    (replace(5, "<!-- figure: fig-line | A line that rises -->\n", ""), 4, "figures", "no figure; begin the next cell"),
    (replace(5, " | A line that rises", ""), 5, "figures", "'fig-line' has no alternative text"),
    (replace(5, "fig-line |", "fig_line |"), 5, "figures", "'fig_line' is no name"),
    (replace(5, "*A line. Look [back](01_a.ipynb#fig-line).*", "A line."), 5, "figures", "has no caption"),
    (replace(5, "<!-- figure", "Words.\n\n<!-- figure"), 5, "figures", "words stand before"),
    (on_cell(4, outputs=[]), 5, "figures", "nothing is drawn right before the figure 'fig-line'"),
    (lambda book: book.cells[3].outputs.append(book.cells[3].outputs[0]), 4, "figures", "draws 2 pictures"),
    (replace(6, "[A state]", "![A state](x.png) [A state]"), 6, "figures", "the image ![A state](x.png) is no figure"),
    (replace(6, "section: end", "section: sums"), 6, "names", "'sums' stands twice"),
    (replace(1, "#sums", "#sum"), 1, "links", "'#sum' leads to no place; perhaps sums"),
    (replace(3, "02_b.md", "02_b.ipynb"), 3, "links", "leads to no page; perhaps 01_a.ipynb or 02_b.md"),
    (replace(3, "02_b.md#more", "02_b.md#less"), 3, "links", "'02_b.md#less' leads to no place"),
    (replace(3, "#eq-sum", "#eq-some"), 3, "links", "'#eq-some' leads to no place; perhaps eq-sum"),
    (replace(6, "{eq}`eq-sum`", "{eq}`eq-so`"), 6, "links", "nothing is called 'eq-so'"),
    (replace(6, "preset=he", "preset=her"), 6, "links", "the lab has no preset=her"),
    (replace(6, "lab.md?preset=he", "lab.md?gain=x"), 6, "links", "gain=x"),
    (replace(6, "lab.md?preset", "02_b.md?preset"), 6, "links", "only the lab takes a state"),
    (replace(1, "#glorot2010", "#glorot2011"), 1, "links", "perhaps glorot2010"),
    (replace(2, "print", "print  " + 13 * "\nprint"), 2, "code", "14 lines of code; split it"),
    (replace(2, "40", "4" * 80), 2, "code", "a line of 93 characters"),
    (replace(2, ")", ");"), 2, "code", "semicolon"),
    (replace(4, "plt.plot", "import numpy as np\nplt.plot"), 2, "threads", "write “threadpool_limits(1, "),
    (
        on_cell(2, execution_count=3),
        2,
        "stored",
        "executed as number 3, and not right after the cells above; run make notebooks CHAPTER=01_a",
    ),
    (on_cell(2, metadata={"jupyter": {"outputs_hidden": True}}), 2, "stored", "git holds what a solution prints"),
    (output(2, name="stderr"), 2, "stored", "an error or a warning"),
    (output(4, metadata={"x": 1}), 4, "stored", "holds a widget or metadata"),
    (output(4, data={**DRAWN, "application/vnd.jupyter.widget-view+json": {}}), 4, "stored", "a widget"),
    (on_cell(2, metadata={"scrolled": True}), 2, "stored", "metadata scrolled"),
    (
        lambda book: book.metadata.update(widgets={}),
        None,
        "stored",
        "metadata of the notebook: kernelspec, lang",
    ),
    (replace(1, "42.5", "42.6"), 1, "numbers_are_computed", "computes 42.6; print it"),
    (replace(1, "(2010)", "(2012)"), 1, "citations", "the year is 2010"),
    (replace(6, "section: summary", "section: sum"), 6, "forms", "deeper"),
    (lambda book: book.cells.insert(5, text(GUESS.replace(" <!-- right -->", ""))), 6, "forms", "the guess 'guess-a'"),
    (lambda book: book.cells.insert(5, text(GUESS + 2199 * "word ")), None, "bounds", "at most 1600"),
    (lambda book: book.cells.__setitem__(slice(5, 5), [text(GUESS) for _ in range(26)]), None, "bounds", "at most 30"),
]
IN_ONE_EDITION = [
    (replace(2, "40", "41"), 2, "in_step", "its code differs from chapters/en/01_a.ipynb; run make notebooks"),
    (on_cell(2, metadata={"tags": ["hide-input"]}), 2, "in_step", "its metadata differs"),
    (on_cell(1, id="other"), 1, "in_step", "its id differs"),
    (output(2, text="42.5 \n"), 2, "in_step", "its output differs"),
    (lambda book: book.cells.pop(1), 2, "in_step", "its kind differs"),
    (lambda book: book.metadata.kernelspec.update(name="other"), None, "in_step", "the metadata differ"),
    (replace(3, "section: sums", "section: sum"), 3, "same_names", "the section is “sum”, in chapters/en/01_a.ipynb"),
    (replace(5, "fig-line", "fig-lines"), 5, "same_names", "the figure is “fig-lines”"),
    (replace(3, "a = b", "a = c"), 3, "same_names", "the formula is “a = c”"),
    (replace(1, "](#sums)", "](#end)"), 1, "same_names", "the link is “#end”"),
    (replace(1, "#glorot2010", "#he2015"), 1, "same_names", "the citation is “he2015”"),
    (replace(3, "a sum", ":label: ex-b\n"), 3, "same_names", "the label is"),
    (replace(1, "42.5", "x"), 1, "same_numbers", "only one edition writes 42.5 in the section ''"),
]


def lines(book, change, languages):
    for language in languages:
        path = book / "chapters" / language / "01_a.ipynb"
        changed = nbformat.read(path, as_version=4)
        change(changed)
        path.write_text(nbformat.writes(changed), "utf8")
    return found(book)


def test_a_sound_book_has_no_fault(book, capsys):
    assert not found(book)
    assert check.main([], root=book) == 0
    assert capsys.readouterr().out == "10 pages, no fault\n"


@pytest.mark.parametrize(
    "change, cell, rule, words, languages",
    [(*row, ("en", "ko")) for row in BROKEN] + [(*row, ("ko",)) for row in IN_ONE_EDITION],
)
def test_a_broken_rule_is_one_line(book, change, cell, rule, words, languages):
    place = f"chapters/{languages[-1]}/01_a.ipynb" + (f", cell {cell}" if cell else "")
    said = lines(book, change, languages)
    ours = [line for line in said if line.startswith(f"{place}: {rule}: ")]
    assert any(words in line for line in ours), said
    assert all("\n" not in line and "; " in line for line in said)


def test_every_rule_has_a_page_that_breaks_it():
    broken = {rule for _, _, rule, _ in [*BROKEN, *IN_ONE_EDITION]} | {"misconceptions"}
    assert broken == {rule.__name__ for rule in rules.RULES}
    defined = {
        name
        for name, value in vars(rules).items()
        if inspect.isfunction(value) and value.__annotations__.get("return") == "Found" and not name.startswith("_")
    }
    assert defined == broken, "a rule that is not in RULES"


def test_a_figure_of_another_page_keeps_its_name(book):
    other = book / "chapters" / "en" / "02_b.md"
    other.write_text(other.read_text("utf8") + "\n$$ x $$ (eq-sum)\n", "utf8")
    assert any(
        re.match(r"chapters/en/02_b\.md: names: the name 'eq-sum' stands in chap.*01_a", line) for line in found(book)
    )


def test_a_misconception_that_its_chapter_does_not_confirm(monkeypatch):
    row = next(row for row in rules.read_misconceptions() if row.id == "own-width")
    page = next(page for page in PAGES if page.name == row.chapter)
    assert not list(rules.misconceptions(page))
    monkeypatch.setattr(rules, "read_misconceptions", lambda: [dataclasses.replace(row, values=["7.82"])])
    said = [str(fault) for fault in rules.faults(page)]
    assert said[0].startswith(f"{page.place}: misconceptions: own-width: 7.82 is not printed in ")
    monkeypatch.setattr(rules, "read_misconceptions", lambda: [dataclasses.replace(row, cell="77_none#inverse")])
    page = next(page for page in PAGES if page.name == "misconceptions")
    assert [what for _, what, _ in rules.misconceptions(page)] == ["own-width: no chapter 77_none"]


def test_a_merge_that_nobody_resolved(book, capsys):
    path = book / "chapters" / "en" / "01_a.ipynb"
    path.write_text("<<<<<<< HEAD\n" + path.read_text("utf8"), "utf8")
    assert check.main(["01_a"], root=book) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("chapters/en/01_a.ipynb: notebook: ") and line.endswith("restore the file from git")


def test_one_chapter(book, capsys):
    path = book / "chapters" / "ko" / "02_b.md"
    path.write_text("# B\n\n## More\n", "utf8")
    assert check.main(["01_a"], root=book) == 1  # it links to the section that is gone
    assert capsys.readouterr().out.startswith("chapters/ko/01_a.ipynb, cell 3: links: ")
    with pytest.raises(SystemExit, match="unknown page '03_c'; choose one of index, 02_b"):
        check.main(["03_c"], root=book)
