"""Search in a small book whose every word is known: particles, compounds, Latin words, English."""

import unicodedata

import pytest
import tiny_book
from the_site import either

# No noun stands alone: a particle or a compound has to give way.
KOREAN = {
    "index": "# 시작\n\n차례를 봅니다.\n",
    "01_variance": "# 첫째\n\n분산이 커지면 분산을 줄입니다. 표본의 평균은 같고, 분산의 정확도는 낮습니다.\n",
    "02_learning": "# 둘째\n\n학습에서는 편향이 남습니다. 편향을 0으로 두고 학습률을 고릅니다. 층마다 값을 적습니다.\n",
    "03_depth": "# 셋째\n\n신호폭발을 막는 가중치초기화, 깊이가 부르는 기울기소실. 깊은 은닉층의 활성화 함수입니다.\n",
    "04_names": "# 넷째\n\nReLU와 fan_in은 Xavier의 식(fan-out)이고 He의 식입니다. Other gradients. 편향도.\n",
    "05_title": "# 전파의 방향\n\n본문입니다.\n",
}
ENGLISH = {
    "index": "# Start\n\nContents.\n",
    "01_variance": "# One\n\nThe variance grows.\n",
    "02_learning": "# Two\n\nLearning with biases.\n",
    "03_depth": "# Three\n\nInitialized weights.\n",
    "04_names": "# Four\n\nReLU and fan_in.\n",
    "05_title": "# Propagation\n\nText.\n",
}
PARTICLES = {  # after a consonant, after a vowel
    True: ["", "이", "을", "은", "의", "과", "에", "으로", "에서는", "까지도", "이란", "입니다"],
    False: ["", "가", "를", "는", "의", "와", "에", "로", "에서는", "만으로도", "란", "하는", "됩니다"],
}


@pytest.fixture(scope="module")
def bases(serve, built):
    """In place of the real site's: the chapters that are searched here."""
    book, result = built("searched", lambda folder: tiny_book.write(folder, {"ko": KOREAN, "en": ENGLISH}))
    assert result.returncode == 0, result.stdout
    return serve(book / "_build" / "html")


NOUN_ON = {
    "분산": ["01_variance"],
    "학습": ["02_learning"],
    "편향": ["02_learning", "04_names"],
    "폭발": ["03_depth"],  # in 신호폭발
    "초기화": ["03_depth"],  # in 가중치초기화
    "소실": ["03_depth"],
    "전파": ["05_title"],
}


@pytest.mark.parametrize("base", either("file", "root"))
def test_a_noun_is_found_whatever_particle_stands_there_or_in_the_query(search, base):
    expected = {}
    for noun, pages in NOUN_ON.items():
        ends_in_consonant = (ord(noun[-1]) - ord("가")) % 28 > 0
        expected |= {noun + particle: pages for particle in PARTICLES[ends_in_consonant]}
    for (query, pages), found in zip(expected.items(), search("ko", *expected, base=base), strict=True):
        assert sorted(names(found)) == pages, query


def names(found: list[str]) -> list[str]:
    """The pages of hits."""
    return list(dict.fromkeys(hit.partition("#")[0] for hit in found))


def test_words_inside_words(search):
    expected = {
        "층": ["02_learning", "03_depth"],  # one syllable: alone and in 은닉층
        "값": ["02_learning"],
        "정확도": ["01_variance"],  # 도 falls off as if it were a particle, and the word is still found
        "깊이": ["03_depth"],
        "분산 평균": ["01_variance"],
        "활성화함수": ["03_depth"],  # in two pieces on the page
        "기울기소실을 막는": ["03_depth"],
        "기울기폭발": ["03_depth"],  # both pieces, but in other compounds
        "양자역학": [],
    }
    for (query, pages), found in zip(expected.items(), search("ko", *expected)):
        assert sorted(names(found)) == pages, query


def test_a_section_with_more_of_the_words_comes_first(search):
    for query, first in {"편향 분산": "01_variance", "편향 학습": "02_learning", "ReLU 편향": "04_names"}.items():
        (found,) = search("ko", query)
        assert names(found)[0] == first and len(names(found)) > 1, query


def test_latin_words_of_a_korean_page(search):
    queries = "ReLU relu를 ReLU는 fan_in fan_in과 Xavier xavier로 He He는 others fan-out은".split()
    for query, found in zip(queries, search("ko", *queries)):
        assert names(found) == ["04_names"], query


def test_latin_words_begin_as_they_are_typed(search):
    assert search("ko", "th", "radient", "eLU") == [[], [], []]  # though “other”, “gradients” and “ReLU” stand there


NOUNS = """
    깊이 길이 차이 나이 크기 높이 너비 넓이 의의 정의 가로 세로 경로 효과 결과 속도 온도 원인 팬인 무한 이해 역할 하나
    편향 평균 학습 분포 분산 폭발 소실 가중치 기울기 은닉층 초기화 정규화 활성화 신경망 역전파 데이터 파라미터
"""


@pytest.mark.parametrize(
    "query, words",
    [
        *[(noun, [noun]) for noun in NOUNS.split()],
        ("깊이를 길이와", ["깊이", "길이"]),
        ("가중치의", ["가중치"]),
        ("기울기만으로는", ["기울기"]),
        ("초기화에서의", ["초기화"]),
        ("학습시키는", ["학습"]),
        ("폭발합니다", ["폭발"]),
        ("정규화된", ["정규화"]),
        ("분산이란?", ["분산"]),
        ("분산을,편향을", ["분산", "편향"]),
        ("He는 ReLU를 (fan-out)은 σ의 2차원의", ["he", "relu", "fan", "out", "σ", "2", "차원"]),
        ("왜 0.8796배가 되나요", ["0.8796", "배가", "되나요"]),
        ("how do I initialize", ["initialize"]),
        ("왜", ["왜"]),  # where there is nothing else
        (unicodedata.normalize("NFD", "분산을"), ["분산"]),  # letter by letter, as macOS writes file names
    ],
)
def test_particles_fall_off_and_nouns_survive(rules, query, words):
    assert rules(query) == words


@pytest.fixture(scope="module")
def rules(chromium, bases):
    """What the search page makes of a query where nothing has another name."""
    page = chromium.new_page()
    page.goto(f"{bases['file']}/ko/search.html")
    page.evaluate("window.bare = sectionSearch({ pages: {}, parts: [], names: [] })")
    yield lambda query: page.evaluate("query => bare.ideas(query).flat(2)", query)
    page.close()


@pytest.mark.parametrize("base", either("file", "root"))
def test_english(search, base):
    expected = {"variance": "01_variance", "bias": "02_learning", "initializing": "03_depth", "fan_in": "04_names"}
    for (query, page), found in zip(expected.items(), search("en", *expected, base=base), strict=True):
        assert names(found) == [page], query


@pytest.mark.parametrize("base", either("file", "root"))
def test_summary_and_page_show_the_word(visit, base):
    with visit("ko/search.html?q=%EB%B6%84%EC%82%B0%EC%9D%84", base=base) as page:  # 분산을
        summary = page.locator("#search-results li .context")
        assert "분산이 커지면" in summary.inner_text()
        assert set(summary.locator("mark").all_inner_texts()) == {"분산"}
        page.locator("#search-results li a").click()
        page.locator("article .highlighted").first.wait_for()
        assert page.locator("article .highlighted").all_inner_texts() == ["분산"] * 3


@pytest.mark.parametrize("base", either("file", "subpath", "root"))
def test_the_dialog_of_every_page(visit, base):
    with visit("ko/01_variance.html", base=base) as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("편향의")
        page.keyboard.press("Enter")
        page.locator("#search-results li a").nth(1).wait_for()
        assert page.locator("#search-results li a").count() == 2
