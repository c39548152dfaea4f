"""A table that carries a result: the same numbers in both of its forms, and a clear word for what it cannot hold."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from winit import Results


class Cells(HTMLParser):
    """Tag, attributes and text of every cell, row by row."""

    def __init__(self, html):
        super().__init__()
        self.rows = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append([tag, dict(attributes), ""])

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1][2] += data.strip()


TABLE = Results(
    ["start", "predicted", "measured", "n", "learns", "note"],
    [
        ["He", 1, np.float32(0.99813), np.int64(784), np.bool_(True), "a < b & c"],
        ["N(0, 1)", 1e-19, np.array(2.5e-19), 10**6, False, None],
        ["zeros", 0.5, None, 1, True, "“"],
    ],
    formats={"measured": ".1e"},
)


def test_text_is_aligned():
    assert str(TABLE).split("\n") == [
        "start    predicted  measured        n  learns  note",
        "He               1   1.0e+00      784     yes  a < b & c",
        "N(0, 1)      1e-19   2.5e-19  1000000      no",
        "zeros          0.5                  1     yes  “",
    ]


def test_both_forms_say_the_same():
    bundle = TABLE._repr_mimebundle_()
    assert bundle.keys() == {"text/plain", "text/html"} and bundle["text/plain"] == str(TABLE) == repr(TABLE)
    rows = Cells(bundle["text/html"]).rows
    assert [[cell[2] for cell in row] for row in rows] == [TABLE.columns, *TABLE.rows]
    assert not re.search("style|color|width", bundle["text/html"])


def test_headers_say_what_they_head_and_numbers_that_they_are_some():
    head, *body = Cells(TABLE._repr_mimebundle_()["text/html"]).rows
    assert all((tag, attributes["scope"]) == ("th", "col") for tag, attributes, _ in head)
    for first, *others in body:
        assert (first[0], first[1]["scope"]) == ("th", "row")
        assert {tag for tag, _, _ in others} == {"td"}
    for row in (head, *body):
        assert [attributes.get("class") for _, attributes, _ in row] == [None, *["number"] * 4, None]


@pytest.mark.parametrize(
    "value, form, shown",
    [
        (2 / 3, None, "0.6667"),
        (12345.678, None, "1.235e+04"),
        (np.float32(0.1), None, "0.1"),
        (10**20, None, "1" + 20 * "0"),
        (7, ".2f", "7.00"),
        (0.945, ".0%", "94%"),
        (float("nan"), None, "nan"),
        (True, ".2f", "yes"),
        ("σ²", ".2f", "σ²"),
    ],
)
def test_how_a_cell_is_shown(value, form, shown):
    assert Results(["x"], [[value]], form).rows == [[shown]]


def test_a_table_without_rows_has_its_head():
    assert str(Results(["a", "b"], [])) == "a  b"


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ((["a", "b"], [[1, 2], [3]]), ValueError, r"rows\[1\] must hold 2 cells, one a column, got \[3\]"),
        ((["a", "b"], ["ab"]), ValueError, r"rows\[0\] must hold 2 cells"),
        ((["a", "a"], []), ValueError, r"columns must be at least one name, all different, got \['a', 'a'\]"),
        (([], []), ValueError, "columns must be at least one name"),
        (([1], []), TypeError, "columns must be names, got 1"),
        ((["a"], [[1]], {"b": ".3f"}), ValueError, "formats must be one of 'a', got 'b'"),
        ((["a"], [[1]], {"a": "3 digits"}), ValueError, r"formats\['a'\] must be a format of numbers .* '3 digits'"),
        ((["a"], [[1]], {"a": 3}), ValueError, r"formats\['a'\] must be a format of numbers .* got 3"),
        ((["a"], [], "x"), ValueError, r"formats\['a'\] must be a format"),
        ((["a"], [[[1, 2]]]), TypeError, r"a cell of rows must be a string, a number, a bool or None, got \[1, 2\]"),
        ((["a"], [[np.zeros(2)]]), TypeError, "a cell of rows must be"),
        ((["a"], [[1j]]), TypeError, "a cell of rows must be"),
    ],
)
def test_what_is_no_table_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        Results(*arguments)
