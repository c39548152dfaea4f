"""The one style sheet of all pages: what they use of the themes, the styles of the course, a font for formulas.

The themes bring 450 KB of rules, most of them for what no page has. A rule stays if the classes and names it asks for
stand in a page or in a script; a variable stays if a rule that stays asks for it. The font is STIX Two Math, which
comes with ziamath; it holds the letters of the formulas and lies in the sheet itself, so that formulas are right when
they are first seen, and nothing moves later.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re
import unicodedata
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont

from ..content import assets
from ..content.formulas import letters

NAME = "winit.css"
STIX = Path(find_spec("ziamath").submodule_search_locations[0]) / "fonts" / "STIXTwoMath-Regular.ttf"
# what Sphinx and the themes would have every page ask for, in their order
FOREIGN = """
    basic.css styles/pydata-sphinx-theme.css pygments.css styles/sphinx-book-theme.css mystnb.*.css
    proof.css exercise.css
""".split()
NAMED = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
OPTIONAL = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")  # what stands there need not be on the page
logging.getLogger("fontTools").setLevel(logging.WARNING)
PICTURE = re.compile(r"url\((?!.?data:)")  # of Sphinx; they are on no page
ASKED = re.compile(r"var\(\s*(--[\w-]+)")
FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
# in every font, whatever the formulas say; a radical is no letter of their text
ALWAYS = "√0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ()[]{}|,.+−=<>"


def write(site: Path, editions: Iterable[str]) -> None:
    """Make one sheet of those of a built site, put it into ``shared``, and tell every page its version."""
    pages = {path: path.read_text("utf8") for edition in editions for path in (site / edition).glob("*.html")}
    html = "".join(pages.values())
    scripts = "".join(path.read_text("utf8") for path in site.glob("*/_static/*.js"))
    foreign, course = (
        [_taken(site / edition / "_static") for edition in editions].pop(),
        assets.sheet(),
    )  # all have the same
    used = names(html) | set(re.findall(r"[\w-]+", scripts))
    sheet = f"{face(math_font(html))}\n{lean(foreign, used, course + html + scripts)}\n{course}"
    (site / "shared" / NAME).write_text(sheet, "utf8")
    version = hashlib.sha256(sheet.encode()).hexdigest()[:8]
    for path, page in pages.items():
        path.write_text(page.replace(f'shared/{NAME}"', f'shared/{NAME}?v={version}"'), "utf8")


def _taken(static: Path) -> str:
    """The sheets of the themes, which an edition then does without."""
    paths = [path for name in FOREIGN for path in static.glob(name)]
    text = "\n".join(path.read_text("utf8") for path in paths)
    for path in paths:
        path.unlink()
    return text


def names(html: str) -> set[str]:
    """Every class and every id of a page."""
    return {name for value in re.findall(r'\b(?:class|id)="([^"]*)"', html) for name in value.split()}


def lean(css: str, used: set[str], others: str = "") -> str:
    r"""The rules of a sheet that something with the `used` names can meet; `others` is text that asks for variables.

    Examples
    --------
    >>> lean(".a, .b {--x: 1; --y: 2; top: var(--x);} .c {top: 0;} @media print {.a:not(.c) {left: 0;}}", {"a"})
    '.a{--x:1;top:var(--x);}\n@media print{.a:not(.c){left:0;}}'
    """
    rules = _met(css, used)
    values = _values(rules)
    used_values = "".join(value for name, found in values.items() if name[:2] != "--" for value in found)
    asked: set[str] = set()
    waiting = set(ASKED.findall(others + used_values))
    while waiting:
        asked |= waiting
        waiting = set(ASKED.findall("".join(value for name in waiting for value in values.get(name, ())))) - asked
    return "\n".join(filter(None, (_written(rule, asked) for rule in rules)))


def _met(css: str, used: set[str]) -> list[tuple]:
    """Each rule as its head and what is in it, declarations or rules; its selectors only those that can be met."""
    rules = []
    for rule in tinycss2.parse_rule_list(css, skip_comments=True, skip_whitespace=True):
        head = _line(rule.prelude)
        if rule.type == "qualified-rule":
            met = [part for part in _parts(rule.prelude) if set(NAMED.findall(OPTIONAL.sub("", part))) <= used]
            found = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
            body = [
                (one.name, _line(one.value) + ("!important" if one.important else ""))
                for one in found
                if one.type == "declaration" and not PICTURE.search(tinycss2.serialize(one.value))
            ]
            rules += [(",".join(met), body)] if met else []
        elif rule.lower_at_keyword in ("media", "supports"):
            rules.append((f"@{rule.at_keyword} {head}", _met(tinycss2.serialize(rule.content), used)))
        elif rule.lower_at_keyword == "keyframes":
            rules.append((f"@keyframes {head}", _line(rule.content)))
    return rules  # without the fonts of the themes


def _values(rules: list[tuple]) -> dict[str, list[str]]:
    """All that properties and variables are set to, by name."""
    values: dict[str, list[str]] = {}
    for head, body in rules:
        if not isinstance(body, str):
            inside = _values(body).items() if head.startswith("@") else ((name, [value]) for name, value in body)
            for name, found in inside:
                values.setdefault(name, []).extend(found)
    return values


def _written(rule: tuple, asked: set[str]) -> str:
    head, body = rule
    if not isinstance(body, str):
        if head.startswith("@"):
            body = "".join(_written(inner, asked) for inner in body)
        else:
            body = "".join(f"{name}:{value};" for name, value in body if name[:2] != "--" or name in asked)
    return f"{head}{{{body}}}" if body else ""


def _parts(prelude) -> list[str]:
    """The selectors between the commas."""
    parts: list[list] = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [_line(part) for part in parts]


def _line(tokens) -> str:
    return " ".join(tinycss2.serialize(tokens).split())


def face(font: bytes) -> str:
    address = f"data:font/woff;base64,{base64.b64encode(font).decode()}"
    return f'@font-face {{ font-family: "STIX Two Math"; src: url("{address}") format("woff"); }}'


def math_font(html: str) -> bytes:
    """STIX Two Math with the letters of the formulas in `html` and what is drawn of them: italics, brackets, roots."""
    formulas = "".join(FORMULA.findall(html))
    needed = {*letters(formulas), *ALWAYS}
    italic = {
        unicodedata.normalize("NFKC", chr(code)): chr(code)
        for code in (*range(0x1D434, 0x1D468), 0x210E, *range(0x1D6E2, 0x1D71C))
    }
    needed |= {italic[letter] for letter in re.findall("<mi>(.)</mi>", formulas) if letter in italic}
    font = TTFont(STIX, recalcTimestamp=False)  # the same every time
    _draw_primes_large(font)
    options = subset.Options(
        flavor="woff", layout_features=[], name_IDs=[0, 5, 13, 14], hinting=False, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, needed))
    subsetter.subset(font)
    made = io.BytesIO()
    font.flavor = "woff"
    font.save(made)
    return made.getvalue()


def _draw_primes_large(font) -> None:
    """A prime is always an exponent here; Chromium does not ask for the form that is drawn for exponents."""
    tables = (table for lookup in font["GSUB"].table.LookupList.Lookup for table in lookup.SubTable)
    alternates = (pair for table in tables for pair in getattr(table, "alternates", {}).items())
    large = {glyph: form for glyph, forms in alternates for form in forms if form.endswith(".ssty")}
    for cmap in font["cmap"].tables:
        primes = {code: getattr(cmap, "cmap", {}).get(code) for code in (0x2032, 0x2033)}
        for code in (code for code, glyph in primes.items() if glyph in large):
            cmap.cmap[code] = large[primes[code]]
