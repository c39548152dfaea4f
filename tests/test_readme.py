"""What the README shows is what happens."""

import contextlib
import io
import re

import pytest
from PIL import Image
from winit_book.building.editions import read_editions
from winit_book.content.templates import TEMPLATES
from winit_book.paths import ROOT

READMES = {"en": "README.md", "ko": "README.ko.md"}


def read(language):
    return (ROOT / READMES[language]).read_text("utf8")


@pytest.mark.parametrize("language", READMES)
def test_the_lines_print_what_stands_below_them(language):
    code, printed = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", read(language), re.DOTALL).groups()
    assert len([line for line in code.splitlines() if line]) <= 10
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(code, {})
    assert output.getvalue() == printed


@pytest.mark.parametrize("language", READMES)
def test_both_have_the_same_code_and_the_same_picture(language):
    blocks = re.findall(r"^ *```(?:python)?\n(.*?)```", read(language), re.DOTALL | re.MULTILINE)
    assert len(blocks) == len(re.findall(r"^ *```(?:python)?\n(.*?)```", read("en"), re.DOTALL | re.MULTILINE))
    (picture,) = re.findall(r"!\[.+\]\((.+)\)", read(language))
    with Image.open(ROOT / picture) as image:
        assert image.size == (1200, 630)
    assert (language == "ko") == bool(re.search("[가-힣]{2}", read(language).replace("한국어", "")))


@pytest.mark.parametrize("edition", read_editions(ROOT), ids=lambda edition: edition.language)
def test_the_first_page_installs_as_the_readme_does(edition):
    source = TEMPLATES.loader.get_source(TEMPLATES, "landing.html")[0]
    for line in ('pip install ".[notebooks]"', "jupyter lab chapters/"):
        assert line in source and line in read(edition.language)
    assert f"jupyter lab chapters/{edition.language}\n" in read(edition.language)
