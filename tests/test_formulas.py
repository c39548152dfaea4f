"""Every formula of the course becomes MathML, and one that cannot says why."""

import re
from xml.etree import ElementTree

import pytest
import yaml
from page_sources import markdown
from winit_book.building.editions import read_editions
from winit_book.content.formulas import letters, mathml
from winit_book.paths import BOOK, ROOT

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
BLOCK = re.compile(r"^\s*\$\$(.+?)\$\$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"(?<![\\$\w])\$(?!\s)([^$\n]+?)(?<![\s\\])\$(?!\d)")


def texts():
    """Where formulas are written: the pages of all editions, and what the appendices are made from."""
    for edition in read_editions(ROOT):
        for path in edition.sources:
            yield f"{edition.language}/{path.stem}", markdown(path)
    for name in ("terms", "notation", "misconceptions", "frameworks"):
        yield name, "\n".join(strings(yaml.safe_load((BOOK / f"{name}.yml").read_text("utf8"))))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def formulas(text):
    """Every formula of a text and whether it stands in a line of its own."""
    text = CODE.sub("", text)
    yield from ((found, True) for found in BLOCK.findall(text))
    yield from ((found, False) for found in INLINE.findall(BLOCK.sub("", text)))


@pytest.mark.parametrize("name, text", [*texts()], ids=lambda value: value if "\n" not in value else "")
def test_every_formula_of_the_course(name, text):
    for tex, block in formulas(text):
        made = mathml(tex.strip(), block)
        assert letters(made).strip(), tex
        assert "merror" not in made and "\\" not in letters(made).replace("\\", "", tex.count(r"\backslash")), tex


def test_there_are_many():
    found = [tex for _, text in texts() for tex, _ in formulas(text)]
    assert len(found) > 3000 and sum(r"\frac" in tex for tex in found) > 100


@pytest.mark.parametrize(
    "tex, words",
    [
        (r"\text{분산}", "분산"),
        (r"\operatorname{Var}[x]", "Var\u2061[x]"),
        (r"\mathcal{L}", "ℒ\ufe00"),
        (r"\underbrace{a + b}_{n}", "a+b⏟n"),
        (r"\boxed{x}", "x"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a=bc=d"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(abcd)"),
        (r"\begin{cases} z & z > 0 \\ 0 & z = 0 \end{cases}", "{zz>00z=0\u2063"),
    ],
)
def test_what_a_formula_may_hold(tex, words):
    made = mathml(tex, block=True)
    assert letters(made) == words
    ElementTree.fromstring(made.replace("&ApplyFunction;", ""))


def test_a_sized_bracket_with_an_exponent_is_a_row_of_its_own():
    assert re.search(r"<msup><mrow><mo [^>]*>\)</mo></mrow><mn>2</mn></msup>", mathml(r"\Big(\frac{a}{b}\Big)^2"))
    assert "<msup><mo" in mathml(r"(a)^2")


@pytest.mark.parametrize(
    "tex, said",
    [
        (r"\foo x", r'Unknown command "\\foo"'),
        (r"\frac{1", "Expected closing token"),
        (r"\begin{align} a &= b \end{align}", "align counts its own lines; write aligned"),
        (r"a \\ b", "only inside of aligned"),
    ],
)
def test_what_cannot_be_converted_says_why(tex, said):
    with pytest.raises(ValueError, match=said):
        mathml(tex, block=True)
