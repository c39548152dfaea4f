"""Guesses and exercises on a page: what the reader clicks or fills in stands where the notebook has a list or a cell.

Without a script a guess is its list and its fold, an exercise its text, hints and solution. book/assets/forms.js
makes buttons of the options and shows the fields; book/assets/judge.js judges by the rule of `winit.check`.
"""

from __future__ import annotations

import json
import re

import nbformat
from docutils import nodes
from sphinx.transforms import SphinxTransform

from winit import check

from ..building.editions import edition_of
from . import forms
from .folds import fold, summary
from .page import plain_text
from .templates import render

VERDICT = re.compile(r"^[✓✗…].*\n?", re.MULTILINE)  # the line of a check in an output
UNFILLED = re.compile(r"^(answer = None|winit\.check\.\w+\(.*\))\n?", re.MULTILINE)
PLAIN_LABEL = "answer"  # of a record with one part; a page says “Your answer”


class guess(nodes.General, nodes.Element):
    """A question, a list of options, the answer in a fold; `right` is the place of the right option."""


class exercise(nodes.General, nodes.Element):
    """A task, hints, fields, the solution in a fold; numbered."""


class fields(nodes.General, nodes.Element):
    """Where the answer goes; `check` is the name of the exercise's record, empty where a rubric judges."""


class Tasks(SphinxTransform):
    """Gather the cells of each form, before `chapter.Comments` names what is numbered."""

    default_priority = 215

    def apply(self):
        for comment in list(self.document.findall(nodes.raw)):
            match = forms.FORM.fullmatch(comment.astext().strip())
            if match:
                self.gather(comment, *match.groups())

    def gather(self, comment, kind, name):
        task = taken(comment)
        form = guess("", name=name) if kind == "guess" else exercise("", name=name)
        form.source, form.line = comment.source, comment.line
        form += task
        comment.parent.replace(comment, form)
        if kind == "guess":
            self.mark_options(form)
        else:
            self.add_fields(form)

    def mark_options(self, form):
        """The comment of the right option becomes its number; the fold after the options is the answer."""
        options = next(form.findall(nodes.bullet_list))
        options["classes"].append("options")
        for place, item in enumerate(options):
            for comment in [raw for raw in item.findall(nodes.raw) if forms.RIGHT.fullmatch(raw.astext().strip())]:
                form["right"] = place
                comment.parent.remove(comment)
        next(child for child in form if isinstance(child, fold))["classes"] = ["answer"]

    def add_fields(self, form):
        """The cell with the check gives its place to the fields, the solution's cells go into one fold."""
        words = edition_of(self.app).catalogue["forms"]
        name = ""
        if (cell := following(form)) is not None and (call := check_of(cell)):
            name = call
            cell.parent.remove(cell)
            if left := UNFILLED.sub("", source_of(cell).astext()).strip():
                source_of(cell).replace_self(like(source_of(cell), left))
                cell.children = cell.children[:1]  # the check prints a symbol
                form += cell
        solution = []
        while (node := following(form)) is not None:
            if isinstance(node, nodes.raw) and node.astext().strip() == forms.SOLUTION:
                solution += unfolded(taken(node))
            elif "tag_solution" in node.get("classes", []):
                solution.append(worked(node))
            else:
                break
            node.parent.remove(node)
        form += fields("", check=name)
        for rubric in [child for child in form if isinstance(child, fold) and child[0].astext() == words["rubric"]]:
            rubric["classes"] = ["rubric"]
            form.remove(rubric)  # one reads it after one's own answer
            form += rubric
        if solution:
            form += fold(
                "", summary("", words["solution"]), *solution, classes=["solution"], ids=[f"{form['name']}-solution"]
            )


def taken(comment) -> list[nodes.Node]:
    """Take what stands between a comment and the end of its form out of the document."""
    siblings = comment.parent.children
    start = siblings.index(comment) + 1
    end = next(i for i in range(start, len(siblings)) if siblings[i].astext().strip() == forms.END)
    between = siblings[start:end]
    del siblings[start : end + 1]
    return between


def following(node):
    """What comes right after a node, comments aside that say nothing to a page."""
    siblings = node.parent.children
    after = [other for other in siblings[siblings.index(node) + 1 :] if not isinstance(other, nodes.comment)]
    return after[0] if after else None


def check_of(cell) -> str:
    """The name of the check that a cell calls, empty where it calls none."""
    source = source_of(cell)
    match = forms.CHECK.search(source.astext()) if source is not None else None
    return match[1] if match else ""


def source_of(cell):
    """The code of a cell; None where the node is no cell."""
    if "cell" not in cell.get("classes", []) or not cell.children:
        return None
    return next(cell[0].findall(nodes.literal_block), None)


def like(block, text):
    """A block of code or output with another text."""
    return nodes.literal_block(text, text, **{k: v for k, v in block.attributes.items() if k != "xml:space"})


def worked(cell):
    """A cell of a solution: open, with its output, but without the line of the check."""
    cell.attributes.pop("hide_mode", None)
    for block in list(cell.findall(nodes.literal_block)):
        if "output" in block["classes"] and VERDICT.search(block.astext()):
            text = VERDICT.sub("", block.astext()).rstrip()
            block.replace_self(like(block, text)) if text else block.parent.remove(block)
    for output in cell.children[1:]:
        if not output.children:
            cell.remove(output)
    return cell


def unfolded(solution: list[nodes.Node]) -> list[nodes.Node]:
    """What a Markdown cell of a solution says; in Jupyter it stands in a fold of its own."""
    return solution[0].children[1:] if len(solution) == 1 and isinstance(solution[0], fold) else solution


def setup(app):
    app.add_transform(Tasks)
    app.add_node(guess, html=(_visit_guess, _depart))
    app.add_enumerable_node(exercise, "exercise", title, html=(_visit_exercise, _depart))
    app.add_node(fields, html=(_visit_fields, lambda self, node: None))
    app.connect("source-read", _mark)
    app.connect("doctree-resolved", _number)
    app.connect("html-page-context", _add_scripts)


def title(node) -> str:
    """The title of an exercise, without which Sphinx would not number it."""
    return next(node.findall(nodes.strong)).astext()


def _mark(app, docname, source):
    if app.env.doc2path(docname).endswith(".ipynb"):
        notebook = nbformat.reads(source[0], as_version=4)
        forms.mark(notebook.cells)
        source[0] = nbformat.writes(notebook)


def _number(app, doctree, docname):
    """“Exercise: title.” becomes “Exercise 2.1: title.”; the word is the one that links to it use."""
    numbered = edition_of(app).catalogue["numbers"]["exercise"]
    word = numbered.replace("%s", "").strip()
    numbers = app.env.toc_fignumbers.get(docname, {}).get("exercise", {})
    for node in doctree.findall(exercise):
        number = numbered.replace("%s", ".".join(map(str, numbers[node["ids"][0]]))).replace(" ", "\N{NO-BREAK SPACE}")
        first = next(next(node.findall(nodes.strong)).findall(nodes.Text))
        first.parent.replace(first, nodes.Text(first.replace(word, number, 1)))


def _add_scripts(app, pagename, templatename, context, doctree):
    if doctree and any(doctree.findall(lambda node: isinstance(node, (guess, exercise)))):
        app.add_js_file("judge.js", loading_method="defer")
        app.add_js_file("forms.js", loading_method="defer")


def _visit_guess(self, node):
    options = next(node.findall(nodes.bullet_list))
    labels = json.dumps([plain_text(option) for option in options], ensure_ascii=False)
    data = {"data-right": str(node["right"]), "data-labels": labels}
    self.body.append(self.starttag(node, "div", CLASS="guess", **data))


def _visit_exercise(self, node):
    self.body.append(self.starttag(node, "div", CLASS="exercise"))


def _depart(self, node):
    self.body.append("</div>\n")


def _visit_fields(self, node):
    edition = edition_of(self.builder.app)
    words, data = edition.catalogue["forms"], {}
    if node["check"]:
        data = check.exercises()[node["check"]].as_data()
    place = ["ko", "en"].index(edition.language)
    labels = [part["label"][place] for part in data.get("parts", [])]
    self.body.append(
        render(
            "fields.html",
            id=node.parent["ids"][0],
            words=words,
            parts=data.get("parts", []),
            labels=[words["own"] if label == PLAIN_LABEL else label for label in labels],
            given=data.get("given", []),
            json=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        )
    )
