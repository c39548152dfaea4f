"""How long a chapter takes: what counts, and what does not."""

import pytest
from tiny_book import code, notebook, text
from winit_book.building.editions import read_editions
from winit_book.content.executed import effort
from winit_book.content.minutes import Length, lengths, words
from winit_book.paths import ROOT

EDITIONS = {edition.language: edition for edition in read_editions(ROOT)}


@pytest.mark.parametrize(
    "markdown, count",
    [
        ("# Two words", 2),
        ("팬인(fan-in)은 75입니다.", 2),
        ("<!-- section: name -->\nOne — *two* ·", 2),
        ("A [link here](03_xavier.ipynb#fig-a) and https://example.org/x", 4),
        ("So $x + y$ is `np.sum(x, y)` here", 3),
        ("$$ a + b $$ (eq-a) holds", 1),
        ("| a | b |\n|:--|---|\n| c | d |", 4),
        ("```python\nmany words of code\n```\nafter", 1),
        (":::{exercise} Title\n:label: ex-a\nOne two\n:::", 2),
        ("<details><summary>Answer</summary>\n\nIt is 3.\n\n</details>", 4),
    ],
)
def test_what_counts_as_a_word(markdown, count):
    assert words(markdown) == count


def chapter():
    return notebook(
        text("# Title\n\n" + 148 * "word " + "end"),
        code("1"),
        code("2", "hide-input"),
        text("Work it out."),
        code("answer = 3", "solution"),
        text("Said.\n\n$$ a $$\n\n<!-- section: more | deeper -->\n## More\n\n" + 299 * "word "),
        code("3"),
        text("$$ b $$ and $$ c $$"),
    )


def test_the_core_ends_where_the_first_deeper_section_begins():
    core, whole = lengths(chapter())
    assert core == Length(words=150 + 3 + 1, formulas=1, cells=1)
    assert whole == Length(words=154 + 300 + 1, formulas=3, cells=2)


def test_minutes_are_rounded_up_and_korean_is_read_by_its_own_count():
    assert Length(words=150).minutes("en") == 1
    assert Length(words=150).minutes("ko") == 2
    assert Length(formulas=2, cells=3).minutes("en") == 3
    assert Length().minutes("en") == 0


@pytest.mark.parametrize(
    "language, line",
    [
        ("en", "3 min · 7 min with the deeper sections · its cells run in 12 s"),
        ("ko", "읽기 3분 · 심화까지 8분 · 셀 실행 12초"),
    ],
)
def test_the_line_under_a_title(language, line):
    assert effort(chapter(), 12.3, EDITIONS[language]) == line


def test_the_line_says_only_what_there_is():
    assert effort(notebook(text("# Title")), None, EDITIONS["en"]) == "1 min"
    assert effort(notebook(text("# Title")), 0.01, EDITIONS["en"]).endswith("1 s")
