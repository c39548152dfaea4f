"""The page that chooses: every answer of `winit.recommend`, made now, looked up by book/assets/choose.js.

``<!-- choose -->`` in chapters/<language>/choose.md is where the template goes, with the answer to the first question.
The words are in the catalogue under `choose`.
"""

from __future__ import annotations

import itertools
import json
import re
from html import escape

from winit.blocks import FRAMEWORKS
from winit.choosing import ALONE, CHOICES, LAYERS, NORMALIZATIONS, Recommendation, recommend
from winit.initializers import INITIALIZERS, VarianceScaling

from ..building.editions import edition_of
from ..content.assets import add_file
from ..content.page import plain_formula
from .tables import offered_names, variance

PAGE, PLACE = "choose", "<!-- choose -->"
TWENTY, BORDER = "06_batch_norm#twenty", "11_real_networks#border"  # sections that an answer names besides its own
DEPTHS = (3, 10, 20, 50)
# The controls, in the order of the form, and the first question.
CONTROLS = {
    "framework": FRAMEWORKS,
    "layer": tuple(LAYERS),
    "activation": tuple(CHOICES),
    "normalization": NORMALIZATIONS,
    "residual": ("no", "yes"),
    "depth": tuple(map(str, DEPTHS)),
}
FIRST = {name: values[0] for name, values in CONTROLS.items()} | {"activation": "relu", "depth": "20"}
DIGITS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def setup(app):
    if PAGE in edition_of(app).pages:
        app.connect("html-page-context", _add_form, priority=900)  # after page.py


def _add_form(app, pagename, templatename, context, doctree):
    """The form with its first answer, and all answers in a script."""
    if pagename != PAGE:
        return
    edition = edition_of(app)
    answers = Answers(edition.catalogue["choose"], sections(app), app.builder.highlighter)
    add_file(app, "choose-data.js", f"window.winitChoose = {json.dumps(answers.data, ensure_ascii=False)};\n")
    for name in ("choose-data.js", "choose.js"):
        app.add_js_file(name, loading_method="defer")
    form = app.builder.templates.render(
        "choose.html",
        context
        | {
            "words": edition.catalogue["choose"],
            "called": offered_names(edition),
            "controls": CONTROLS,
            "first": FIRST,
            "answer": answers.of(FIRST),
        },
    )
    context["body"] = context["body"].replace(PLACE, form)


def sections(app) -> dict[str, str]:
    """The title of every section that a recommendation names, by its address without the ending."""
    titles = {}
    for place in {shown for *_, shown in (*CHOICES.values(), *ALONE.values())} | {TWENTY, BORDER}:
        page, name = place.split("#")
        titles[place] = f"{page[:2]} · {app.env.told[page].headings[name]}"
    return titles


class Answers:
    """Every answer as numbers of texts and of lines of code, each once."""

    def __init__(self, words, titles, highlighter):
        self.words, self.titles, self.highlighter = words, titles, highlighter
        self.html: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.texts: dict[str, int] = {}
        answers = {" ".join(question.values()): self._answer(question) for question in questions()}
        self.data = {
            "matters": {layer: matters(layer) for layer in LAYERS},
            "lines": [*self.lines],
            "texts": [*self.texts],
            "answers": answers,
        }

    def of(self, question) -> dict:
        """What the template shows for one question."""
        texts, code = self.data["answers"][" ".join(asked(question).values())]
        return {
            "texts": [self.data["texts"][text] for text in texts],
            "code": "\n".join(self.data["lines"][line] for line in code),
        }

    def _answer(self, question):
        best = answer_to(question)
        texts = [self.texts.setdefault(text, len(self.texts)) for text in paragraphs(best, self.words, self.titles)]
        found = map(self._highlighted, best.code.splitlines())
        return [texts, [self.lines.setdefault(line, len(self.lines)) for line in found]]

    def _highlighted(self, line: str) -> str:
        """A line of code as HTML. Nothing in a block spans lines, and the few hundred lines of all blocks are quick."""
        if line not in self.html:
            html = self.highlighter.highlight_block(line, "python")
            self.html[line] = re.search(r"<pre>(?:<span></span>)?(.*?)\n?</pre>", html)[1]
        return self.html[line]


def questions():
    """Every question that the form can ask, with what matters to its layer only."""
    seen = set()
    for values in itertools.product(*CONTROLS.values()):
        question = asked(dict(zip(CONTROLS, values, strict=True)))
        if (key := tuple(question.items())) not in seen:
            seen.add(key)
            yield question


def matters(layer: str) -> list[str]:
    """The controls on which the answer for a layer depends."""
    return ["framework", "layer", *LAYERS[layer]]


def asked(question: dict[str, str]) -> dict[str, str]:
    """The part of a question that matters to its layer."""
    return {name: question[name] for name in matters(question["layer"])}


def answer_to(question: dict[str, str]) -> Recommendation:
    arguments = dict(question)
    if "depth" in arguments:
        arguments["depth"] = int(arguments["depth"])
    if "residual" in arguments:
        arguments["residual"] = arguments["residual"] == "yes"
    return recommend(arguments.pop("layer"), **arguments)


def paragraphs(best: Recommendation, words, titles) -> list[str]:
    """The answer in words: what to do, why, what the theory says, what the default would do, where to look."""
    link = _link(best.shown, titles)
    if not best.offered:
        numbers = {"depth": best.depth}
        if best.effect:
            numbers |= {"signal": shown(best.effect.signal), "gradient": shown(best.effect.gradient)}
        first = words["why_not"][best.why_not].format(**numbers)
        return [first, words["shown"].format(link=link)]
    if best.effect is None:
        return _alone_paragraphs(best, words, link)
    drawn = plain_formula(variance(best.initializer))
    parts = [words["start"].format(rule=words["rules"][best.rule], variance=drawn)]
    if best.normalization != "none":
        parts.append(words["norm"])
    if best.residual:
        parts.append(words["branch"])
    reason = words["reasons"]["transposed" if best.layer == "transposed" else best.activation]
    return [
        " ".join(parts),
        f"{reason} {words['shown'].format(link=link)}",
        " ".join(_effects(best, words, titles)),
        *_rates(best, words, titles),
        *_lab(best, words),
    ]


def _link(place, titles):
    return f'<a href="{place.replace("#", ".html#")}">{escape(titles[place])}</a>'


def _alone_paragraphs(best, words, link):
    ours, theirs = best.numbers
    said = words["alone"][best.layer]
    first = said["do"] + (f" {said['branch']}" if best.residual else "")
    default = said["same"] if ours == theirs else said["default"]
    numbers = {"ours": shown(ours), "theirs": shown(theirs), "framework": best.framework}
    return [first, f"{said['why']} {words['shown'].format(link=link)}", default.format(**numbers)]


def _effects(best, words, titles):
    numbers = {"depth": best.depth, "framework": best.framework}
    unit = words["blocks" if best.residual else "layers"].format(**numbers)
    numbers |= {"over": unit, "signal": shown(best.effect.signal), "gradient": shown(best.effect.gradient)}
    if best.residual:
        yield words["identity"].format(**numbers)
    else:
        yield words["keeps" if best.keeps else "drifts"].format(**numbers)
        if not best.keeps:
            yield words["cure"]
    numbers |= {"signal": shown(best.default.signal), "gradient": shown(best.default.gradient)}
    if best.normalization != "none" and not best.residual:
        yield words["hidden"].format(**numbers)
    else:
        yield words["default"].format(**numbers)
    if best.layer == "convolution":
        yield words["border"].format(link=_link(BORDER, titles))


def _rates(best, words, titles):
    if best.normalization == "layer" or best.layer != "dense" or best.activation != "relu" or best.residual:
        return
    yield words["rates"][best.normalization].format(link=_link(TWENTY, titles))


def _lab(best, words):
    if best.layer == "transposed" or best.residual or best.normalization == "layer":
        return
    rows = {name: row for name, row in INITIALIZERS.items() if isinstance(row, VarianceScaling)}
    same = (name for name, row in rows.items() if row == best.initializer)
    row, gain = next(same, "lecun_normal"), 1.0
    if rows[row] != best.initializer:
        gain = round(best.initializer.scale**0.5, 2)
    state = f"depth={best.depth}&amp;activation={best.activation}&amp;initializer={row}"
    state += f"&amp;gain={gain:g}" * (gain != 1) + "&amp;bn=1" * (best.normalization == "batch")
    yield words["lab"].format(link=f'<a href="lab.html?{state}">{escape(words["lab_link"])}</a>')


def shown(value: float) -> str:
    """A number as one reads it, with two digits, on one line.

    Examples
    --------
    >>> shown(1.0), shown(0.4941), shown(37.8), shown(2.302585), shown(4.1e-8).split()
    ('1', '0.49', '38', '2.3', ['4.1', '·', '10⁻⁸'])
    """
    if value and not 1e-3 <= value < 1e4:
        mantissa, power = f"{value:.1e}".split("e")
        return f"{mantissa}\u00a0·\u00a010{str(int(power)).translate(DIGITS)}"
    return f"{float(f'{value:.2g}'):g}"
