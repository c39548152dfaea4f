"""Search on the real site: a question's best page comes first. test_search.py tries the rules on a book of its own."""

import pytest

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


@pytest.mark.parametrize("edition", ASKED_BLIND)
def test_the_best_page_of_a_question_comes_first(search, edition):
    questions = ASKED_BLIND[edition]
    found = dict(zip(questions, search(edition, *questions)))
    first = {question: pages[0].removesuffix(".html") if pages else None for question, pages in found.items()}
    assert first == questions
