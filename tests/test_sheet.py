"""The one sheet keeps what a page can meet and leaves out the rest; its font holds what is drawn of the formulas."""

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont
from winit_book.building import sheet
from winit_book.content.formulas import mathml


@pytest.mark.parametrize(
    "css, kept",
    [
        (".a { top: 0; }", ".a{top:0;}"),
        (".b { top: 0; }", ""),
        (".a, .b, .a .b, #i > p { top: 0; }", ".a,#i > p{top:0;}"),
        (".a:not(.b) { top: 0; }", ".a:not(.b){top:0;}"),
        (":is(.a, .b) { top: 0 !important; }", ":is(.a, .b){top:0!important;}"),
        ("p { top: 0; }", "p{top:0;}"),
        ("@media print { .a { top: 0; } .b { top: 0; } }", "@media print{.a{top:0;}}"),
        ("@media print { .b { top: 0; } }", ""),
        ('@font-face { font-family: "FontAwesome"; src: url(a.woff2); }', ""),
        (".a { background: url(file.png); }", ""),
        (
            """.a { --x: url('data:image/svg+xml;a{b}'); left: var(--x); }""",
            """.a{--x:url("data:image/svg+xml;a{b}");left:var(--x);}""",
        ),
        (".a { --x: var(--y); --y: 1; --z: 2; left: var(--x); }", ".a{--x:var(--y);--y:1;left:var(--x);}"),
        (".a { --x: var(--y); --y: var(--x); }", ""),
    ],
)
def test_a_rule_stays_if_a_page_can_meet_it(css, kept):
    assert sheet.lean(css, {"a", "i"}) == kept


def test_a_variable_stays_if_the_styles_of_the_course_ask_for_it():
    assert sheet.lean("p { --x: 1; --y: 2; }", set(), "q { top: var(--x); }") == "p{--x:1;}"


def test_names_of_a_page():
    assert sheet.names('<p class="a b-c" id="d"><i class="a">x</i></p>') == {"a", "b-c", "d"}


def test_the_font_holds_what_is_drawn():
    html = mathml(r"\sqrt{x} + \hat\sigma f'(z) \underbrace{a}_{b} \mathcal{L}")
    font = TTFont(io.BytesIO(sheet.math_font(html)))
    codes = font.getBestCmap()
    for letter in "√𝑥𝜎𝑓𝑧𝑎ˆ′⏟ℒ":
        assert ord(letter) in codes, letter
    assert ord("𝑞") not in codes and len(sheet.math_font(html)) < 40_000
    assert "MATH" in font
    large, drawn = TTFont(sheet.STIX)["glyf"]["minute.ssty"], font["glyf"][codes[ord("′")]]
    assert drawn.coordinates == large.coordinates, "Chromium draws the form for exponents"
    assert "SIL Open Font License" in font["name"].getDebugName(13)


def test_the_font_lies_in_the_sheet():
    (data,) = re.findall(r"base64,([^\"]*)", sheet.face(b"font"))
    assert base64.b64decode(data) == b"font"
