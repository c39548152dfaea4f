"""Search on the real site: a question's best page comes first. test_search.py tries the rules on a book of its own."""

import gzip
import json
import re

import pytest
import yaml
from the_site import EDITIONS, SITE, either
from winit_book.content.search import names
from winit_book.paths import BOOK

# What somebody asks who has read nothing but the table of contents; written before the search was, and not to be tuned.
ASKED_BLIND = {
    "ko": {
        "왜 0으로 초기화하면 안 되나요": "01_why_initialization",
        "팬인이 뭐예요": "02_fan_in_fan_out",
        "자비에 초기화": "03_xavier",
        "카이밍 초기화": "04_he",
        "배치 정규화를 쓰면 초기화는 안 중요한가요": "06_batch_norm",
        "과적합을 막는 방법": "08_regularization",
        "손실이 줄지 않아요": "12_debug_clinic",
        "파이토치 기본 초기화": "frameworks",
    },
    "en": {
        "why not initialize all weights to zero": "01_why_initialization",
        "glorot uniform": "03_xavier",
        "kaiming relu": "04_he",
        "how do I initialize a resnet": "10_residual_and_width",
        "pytorch default initialization": "frameworks",
        "RBM pretraining": "07_rbm_pretraining",
        "dropout": "08_regularization",
        "my loss is nan": "12_debug_clinic",
    },
}

# What is asked by somebody who has read the course: other names, spellings and numbers, and the section, too.
ASKED = {
    "ko": {
        "글로로": "03_xavier",
        "헤 초기화": "04_he#page-04-he",
        "\N{GREEK SMALL LETTER MU}P 학습률": "10_residual_and_width#rules",
        "잘린 정규분포 0.8796": "05_choosing#truncation",
        "배치놈 평가할 때": "06_batch_norm#evaluation",
        "드롭아웃 표준편차": "08_regularization#ex-dropout-std",
        "기울기폭발": "glossary#exploding-gradient",
        "미세 조정을 하려면": "07_rbm_pretraining#finetune",
    },
    "en": {
        "\N{MICRO SIGN}P learning rate": "10_residual_and_width#rules",
        "batchnorm at evaluation": "06_batch_norm#evaluation",
        "LeCun normal SELU": "03_xavier#lecun",
        "early stopping": "08_regularization#validation",
        "GELU gain": "05_choosing#gains",
        "variance of a uniform distribution": "00_before_you_start#uniform",
        "edge of chaos": "glossary#edge-of-chaos",
        "initialisation of a residual network": "10_residual_and_width",
    },
}
# Names and spellings that must find the same sections in the same order.
SAME = [
    ["Xavier", "Glorot", "자비에", "자비에를", "글로럿", "글로로의"],
    ["Kaiming", "카이밍", "헤"],
    ["muP", "\N{MICRO SIGN}P", "\N{GREEK SMALL LETTER MU}P"],
    ["batchnorm", "batch norm", "BN", "Batch-Norm", "배치 정규화", "배치정규화는"],
    ["vanishing gradient", "vanishing gradients", "기울기 소실", "그래디언트 소실"],
    ["dropout", "드롭아웃"],
    ["fan_in", "fan-in", "fan in", "팬인"],
    ["weight init", "weight initialization"],
    ["initialization", "init"],
]
# what belongs to TeX, MyST, HTML or a cell
MARKUP = re.compile(r"\\[a-zA-Z(\[]|\$|\{(?:math|code)|```|</|<(?:a|b|div|i|p|span)\b|\bimport numpy\b")


@pytest.fixture(params=EDITIONS)
def edition(request):
    return request.param


def index(edition):
    text = (SITE / edition / "search-index.js").read_text("utf8")
    return json.loads(text.removeprefix("window.winitIndex = ").removesuffix(";\n"))


def test_the_best_page_of_a_question_comes_first(search, edition):
    questions = ASKED_BLIND[edition] | ASKED[edition]
    hits = dict(zip(questions, search(edition, *questions)))
    best = {query: found[0] if found else "" for query, found in hits.items()}
    wrong = {query: best[query] for query, right in questions.items() if right not in (best[query], page(best[query]))}
    assert not wrong


def page(hit: str) -> str:
    return hit.partition("#")[0]


def test_other_names_find_the_same(search, edition):
    listed = [name for row in SAME for name in row]
    best = {name: found[:5] for name, found in zip(listed, search(edition, *listed))}
    assert all(best.values())
    wrong = {name: best[name] for row in SAME for name in row if best[name] != best[row[0]]}
    assert not wrong


def test_british_spelling_is_found(search, edition):
    for found in search(edition, "initialisation", "normalisation", "regularising"):
        assert len(found) >= 3


def test_a_number_that_a_chapter_prints_is_found(search, edition):
    (found,) = search(edition, "0.8796")
    assert "05_choosing#truncation" in found
    texts = {f"{name}#{anchor}": prose + code for name, anchor, _, prose, code, _ in index(edition)["parts"]}
    assert all("0.8796" in texts[hit] for hit in found)


def test_a_framework_and_an_activation_lead_to_a_call(search, edition):
    (found,) = search(edition, "pytorch relu")
    calls = {
        f"{name}#{anchor}" for name, anchor, _, prose, code, _ in index(edition)["parts"] if "kaiming_" in prose + code
    }
    assert calls & set(found[:3])


def test_a_summary_is_words(edition):
    parts = index(edition)["parts"]
    assert {name for name, *_ in parts} == {path.stem for path in (SITE / edition).glob("*.html")} - {"search"}
    assert not [[*part[:3], MARKUP.findall(part[3])] for part in parts if MARKUP.search(part[3])]
    assert not [part[:2] for part in parts if not part[2]], "every part has a title"


def test_an_index_is_light(edition):
    assert len(gzip.compress((SITE / edition / "search-index.js").read_bytes())) < 250_000


def test_every_row_of_synonyms_names_something_that_a_page_names():
    said = "".join(" ".join(part[2:5]) for edition in EDITIONS for part in index(edition)["parts"]).casefold()
    rows = yaml.safe_load((BOOK / "synonyms.yml").read_text("utf8"))
    assert not [row for row in rows if not any(name.casefold() in said for name in row)]
    listed = [name for row in rows for name in row]
    assert len(listed) == len(set(listed))
    joined = [name for row in names() for name in row]
    assert len(joined) == len(set(joined)), "a name stands for one thing"


@pytest.mark.parametrize("base", either("file", "root"))
def test_the_index_comes_with_the_first_query(tour, edition, base):
    with tour(base=base, own=True) as go:
        page, asked = go(f"{edition}/02_fan_in_fan_out.html"), []
        page.on("request", lambda request: asked.append(request.url))
        page = go(f"{edition}/search.html")
        assert not [url for url in asked if "search-index" in url]
        page.keyboard.type("Kaiming")  # the field has the focus
        page.locator("#search-results li").first.wait_for()
        assert page.url.endswith("search.html?q=Kaiming")
        assert page.locator("#search-results mark").first.inner_text() in ("Kaiming", "He")
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.wait_for_function("!document.querySelector('#search-results li')")
        assert page.url.endswith("search.html")


def test_the_number_of_hits_is_told(visit, edition):
    with visit(f"{edition}/search.html?q=LSUV") as page:
        page.locator("#search-results li").first.wait_for()
        status = page.get_by_role("status")
        assert re.findall(r"\d+", status.inner_text()) == [str(page.locator("#search-results li").count())]
        page.locator(".bd-search-container input").fill("qqqq")
        page.wait_for_function("!document.querySelector('#search-results li')")
        assert status.inner_text()


def test_what_is_typed_stays_text(visit, edition):
    evil = "<img src=x onerror=alert(1)> ReLU"
    with visit(f"{edition}/search.html?q=%3Cimg%20src=x%20onerror=alert(1)%3E%20ReLU", own=True) as page:
        page.on("dialog", lambda dialog: pytest.fail("a script of the query has run"))
        page.locator("#search-results li").first.wait_for()
        assert page.locator(".bd-search-container input").input_value() == evil
        assert page.locator(".bd-search-container img").count() == 0
        page.locator(".bd-search-container input").fill("<b>ReLU</b>")
        page.keyboard.press("Enter")
        assert page.locator(".bd-search-container b").count() == 0 < page.locator("#search-results li").count()


@pytest.mark.parametrize("base", either("file", "root"))
@pytest.mark.parametrize("anchor", ["ex-dropout-std-solution", "ridge"])
def test_a_fold_opens_for_the_hit_in_it(visit, edition, anchor, base):
    title = next(part[2] for part in index(edition)["parts"] if part[:2] == ["08_regularization", anchor])
    with visit(f"{edition}/search.html", base=base) as page:
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        link = page.locator(f"#search-results a[href='08_regularization.html#{anchor}']")
        link.wait_for()
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/08_regularization.html#{anchor}")
        fold = page.locator(f"#{anchor}").and_(page.locator("details")).or_(page.locator(f"#{anchor} > details"))
        assert fold.evaluate("fold => fold.open")
        page.locator("article .highlighted").first.wait_for()
