"""Figures of a page: drawn once, their labels as text, in every language; what is too heavy is a picture."""

import base64
import io
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image
from tiny_book import code, notebook
from winit_book.building import execution
from winit_book.building.editions import read_editions
from winit_book.content import drawings, page_figure, results, words
from winit_book.content.labels import inline, label
from winit_book.paths import ROOT

import winit

EDITIONS = {edition.language: edition for edition in read_editions(ROOT)}
KO = replace(
    EDITIONS["ko"],
    catalogue={"words": {"layer": "층", "layers": "층", "{} layers": "{}층", "std of {}": "{}의 폭", "same": "He CD"}},
)
DRAW = """
from matplotlib.figure import Figure
from winit import plotting
plotting.use_style()
figure = Figure(figsize=(6, 3))
ax = figure.subplots()
ax.plot([1, 2], [1, 10], label="std of $h_\\\\ell$ & more")
ax.set(title="10 layers", xlabel=r"layer $\\ell$", ylabel="He", yscale="log")
plotting.label_lines(ax)
"""


@pytest.fixture(autouse=True)
def own_style():
    """The style is of these tests alone."""
    with mpl.rc_context():
        yield


def figure():
    scope = {}
    exec(DRAW, scope)
    return scope["figure"]


def labels_of(svg):
    return [unescape(re.sub("<[^>]*>", "", text)) for text in re.findall("<text[^>]*>(.*?)</text>", svg)]


def test_labels_are_text_as_they_stand_in_the_code():
    drawn = page_figure.drawing(figure())
    assert {"10 layers", r"layer $\ell$", "He", r"std of $h_\ell$ & more", r"$\mathdefault{10}$"} <= set(
        labels_of(drawn)
    )
    assert "Matplotlib" not in drawn and "DejaVu" not in drawn


def test_labels_are_anchored_where_their_author_aligned_them():
    texts = re.findall("<text[^>]*>[^<]*</text>", page_figure.drawing(figure()))
    (axis,) = (text for text in texts if ">He<" in text)
    (below,) = (text for text in texts if "layer $" in text)
    (tick,) = (text for text in texts if r"\mathdefault{10}" in text)
    (title,) = (text for text in texts if "10 layers" in text)
    assert 'text-anchor="middle"' in axis and "rotate(-90)" in axis
    assert 'text-anchor="middle"' in below and 'text-anchor="end"' in tick
    assert "text-anchor" not in title and 'font-weight="700"' in title


def test_a_drawing_is_the_same_in_every_run():
    command = (
        f"import sys; from winit_book.content.page_figure import drawing\n{DRAW}\nsys.stdout.write(drawing(figure))"
    )
    run = {"capture_output": True, "check": True, "cwd": ROOT / "book"}
    one, other = (subprocess.run([sys.executable, "-c", command], **run).stdout for _ in range(2))
    assert one == other and one.startswith(b"<svg")


def test_what_is_too_heavy_is_a_picture_at_twice_the_resolution(monkeypatch):
    assert list(page_figure.bundle(figure())) == ["image/svg+xml"]
    monkeypatch.setattr(page_figure, "DRAWING_BYTES", 1000)
    (picture,) = page_figure.bundle(figure()).values()
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        assert image.info["dpi"][0] == pytest.approx(2 * figure().dpi, abs=1)
        assert image.width == pytest.approx(12 * figure().dpi, rel=0.1)


def test_a_kernel_of_the_build_shows_one_form_and_a_readers_kernel_its_own():
    show = "import matplotlib.pyplot as plt\nplt.figure(figsize=(2, 1))\nplt.plot([1, 2])\nplt.show()"
    forms = {}
    for extensions in (execution.PAGE_FORMS, ()):
        page = notebook(code(show))
        execution.execute(page, ROOT / "chapters" / "en" / "none.ipynb", extensions)
        forms[bool(extensions)] = set(page.cells[0].outputs[-1].data)
    assert forms == {True: {"image/svg+xml", "text/plain"}, False: {"image/png", "text/plain"}}


@pytest.mark.parametrize(
    "text, said",
    [
        (r"layer $\ell$", r"층 $\ell$"),
        ("layer 3", "층 3"),
        ("22 layers", "22층"),
        (r"std of $h_\ell$", r"$h_\ell$의 폭"),
        ("He, 1/n", "He, 1/n"),
        ("CD-1", "CD-1"),
        ("δ₁/δ₅ 0.78, layer 3", "δ₁/δ₅ 0.78, 층 3"),
        ("tanh, he_normal", "tanh, he_normal"),
        ("N(0, 0.01)", "N(0, 0.01)"),
        (r"$\mathrm{words}$ float32 1e-3", r"$\mathrm{words}$ float32 1e-3"),
        ("", ""),
    ],
)
def test_words_are_translated_and_symbols_stay(text, said):
    assert words.translate(text, KO) == said
    assert words.translate(text, EDITIONS["en"]) == text


@pytest.mark.parametrize(
    "text, missing", [("depth 3", "depth"), ("He, final depth", "final depth"), ("tanh law", "tanh law")]
)
def test_a_word_without_a_translation_is_named(text, missing):
    with pytest.raises(LookupError, match=f"^{missing}$"):
        words.translate(text, KO)


@pytest.mark.parametrize(
    "text, said",
    [
        (r"RMS$[\partial L/\partial W_\ell]$", "RMS[∂L/∂Wℓ]"),
        (r"$\mathdefault{2\times10^{-1}}$", "2\u2009×\u200910−1"),
        (r"$q_\ell = \mathrm{E}[z_\ell^2]$", "qℓ\u2009=\u2009E[zℓ2]"),
        (r"$\hat v$, $f'(z)$, $\mathcal{L}$", "v\u0302, f′(z), ℒ"),
        (r"$\frac{1}{n}$ $\sqrt{2/n}$ $\sqrt n$", "1/n √(2/n) √n"),
        ("a < b", "a < b"),
    ],
)
def test_formulas_of_labels(text, said):
    assert unescape(re.sub("<[^>]*>", "", label(text, 10))) == said


def test_indices_are_lower_exponents_higher_and_the_line_goes_on():
    spans = ElementTree.fromstring(f"<text>{label('$x_1^2$ on', 10)}</text>")
    assert [(span.text, float(span.get("dy", 0)) > 0) for span in spans] == [
        ("x", False),
        ("1", True),
        ("2", False),
        (" on", True),
    ]
    assert sum(float(span.get("dy", 0)) for span in spans) == pytest.approx(0)
    assert inline("the $x_1^2$") == "the <var>x</var><sub>1</sub><sup>2</sup>"


def test_a_formula_that_cannot_be_set_is_refused():
    with pytest.raises(ValueError, match=r"\\nonsense, which labels do not know, in \$\\nonsense x\$"):
        label(r"$\nonsense x$", 10)


@pytest.mark.parametrize("language, expected", [("ko", {"10층", "층 ℓ", "He"}), ("en", {"10 layers", "layer ℓ", "He"})])
def test_a_drawing_in_an_edition(language, expected):
    edition = KO if language == "ko" else EDITIONS["en"]
    edition = replace(
        edition, catalogue={"words": {**edition.catalogue.get("words", {}), "std of": "폭", "more": "더"}}
    )
    svg = drawings.in_edition(page_figure.drawing(figure()), edition)
    root = ElementTree.fromstring(svg)
    assert expected <= set(labels_of(svg)) and "$" not in svg
    assert root.get("lang") == language and "Pretendard" in root.get("font-family")
    assert "<style" not in svg


def test_results_are_translated_and_stay_a_table():
    table = winit.Results(["layers", "n & m"], [["He", 1], ["layer", np.nan]])._repr_mimebundle_()["text/html"]
    said = results.in_edition(table, KO)
    assert re.findall(">([^<>\n]+)<", said) == ["층", "n &amp; m", "He", "1", "층", "nan"]
    assert re.sub(">[^<>\n]+<", "><", said) == re.sub(">[^<>\n]+<", "><", table)
    with pytest.raises(LookupError, match="depth"):
        results.in_edition(table.replace("layer<", "depth<"), KO)
