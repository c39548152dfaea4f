"""On a Korean page every string that a reader meets is Korean, also after an update of the themes."""

import re

import pytest
from bs4 import NavigableString
from the_site import SITE, pages, parse
from winit_book.building.editions import read_editions
from winit_book.content.words import translate
from winit_book.paths import ROOT

from winit import ACTIVATIONS, INITIALIZERS

HANGUL, LATIN = re.compile("[가-힣]"), re.compile(r"[A-Za-z][A-Za-z]+")
# names, and what is called the same in every language; anything else belongs into `code` or `lang="en"`
ALLOWED = set(
    """winit Ctrl pdf ipynb md Binder Colab GitHub JavaScript
    NumPy SciPy PyTorch Keras JAX Flax TensorFlow scikit learn Jupyter
    LeCun Xavier Glorot He Kaiming Bengio Hinton Hochreiter SELU ReLU PReLU ELU GELU SiLU Swish Mish tanh sigmoid
    softmax RMS std RBM DBN LSUV MLP SGD Adam AdamW BN CD Optax leaky Fixup ReZero SkipInit GPT delta
    orthogonal""".split()
)
(KOREAN,) = (edition for edition in read_editions(ROOT) if edition.language == "ko")
ROWS = {*ACTIVATIONS, *INITIALIZERS}  # in the menus of exercises, as an answer in code writes them
ATTRIBUTES = (
    "alt",
    "title",
    "aria-label",
    "aria-description",
    "placeholder",
    "data-bs-title",
    "data-bs-original-title",
)
DESCRIBED = ("description", "og:title", "og:description", "og:site_name", "og:image:alt")
ELSEWHERE = (
    "code, pre, kbd, samp, script, style, template, math, .bibliography, [lang]:not([lang=ko]), "
    "a[href*='bibliography.html#']"
)
BULK = re.compile(r"<(math|pre|script|style)\b.*?</\1>", re.DOTALL)  # of what stands elsewhere, most of a page
INLINE = "a abbr b bdi em i mark q s small span strong sub sup svg u var".split()


def kept(text: str) -> bool:
    """Whether a Korean page says the same as the code."""
    try:
        return translate(text, KOREAN) == text
    except LookupError:
        return False


def strings(html: str):
    """Every string of a page that a reader meets, and where: blocks of text, attributes, descriptions."""
    page = parse(BULK.sub("", html))
    for tag in page.select(", ".join(f"meta[name='{name}'], meta[property='{name}']" for name in DESCRIBED)):
        yield f"meta {tag.get('name') or tag.get('property')}", tag["content"]
    for cell in page.select("table.results :is(th, td)"):  # what the catalogue keeps as it is
        if cell.string and kept(cell.string):
            cell.decompose()
    for tag in page.select(ELSEWHERE):
        tag.decompose()
    for tag in page.find_all(True):
        for name in ATTRIBUTES:
            if tag.get(name):
                yield f"{tag.name} {name}", tag[name]
        if tag.name == "input" and tag.get("type") in ("submit", "button"):
            yield "input value", tag["value"]
    blocks = {}
    for text in page.find_all(string=True):
        if type(text) is NavigableString and text.strip():
            block = text.parent
            while block.name in INLINE and block.parent is not None:
                block = block.parent
            blocks.setdefault(id(block), (block.name, []))[1].append(text)
    for name, texts in blocks.values():
        yield name, " ".join(" ".join(texts).split())


def english(html: str) -> list[str]:
    """The strings that are not Korean."""
    return [
        f"{where}: {text}"
        for where, text in strings(html)
        if not HANGUL.search(text) and text not in ROWS and not set(LATIN.findall(text)) <= ALLOWED
    ]


def test_pages_as_built(site):
    found = {path: english((SITE / path).read_text("utf8")) for path in pages("ko")}
    assert not {path: wrong for path, wrong in found.items() if wrong}


def test_a_search_as_shown(visit):
    """What other scripts add, test_pages.py sees."""
    with visit("ko/search.html?q=qqqq") as page:
        page.wait_for_function("document.querySelector('#search-summary').textContent.trim().length > 10")
        assert not english(page.content())


def test_every_form(small_book):
    for path in sorted((small_book / "ko").glob("*.html")):
        assert not english(path.read_text("utf8")), path.name


@pytest.mark.parametrize(
    "html",
    [
        "<p>Skip to main content</p>",
        "<button title='Copy'>복사</button>",
        "<img alt='A line that rises'>",
        "<input type='search' placeholder='Search ...' value='찾기'>",
        "<meta name='description' content='Words only.'>",
        "<ul><li>한글</li><li><b>English</b></li></ul>",
        "<details><summary>Show code</summary>한글</details>",
    ],
)
def test_english_is_found(html):
    assert len(english(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        "<p><em>fan-in</em>이 큽니다. 곧 <strong>vanishing gradient</strong></p>",
        "<code>import winit</code>",
        "<p lang='en'>Words</p>",
        "<td>PyTorch</td>",
        "<p>x = 3 n</p>",
    ],
)
def test_what_is_not_english(html):
    assert not english(html)
