"""A page judges an answer by the same rule and with the same words as Python: `judge.js` beside `verdict`."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from winit_book.paths import ROOT

from winit import check
from winit.check.record import numbers
from winit.check.rule import LANGUAGES, number, rounded

NODE = shutil.which("node")
PORT, DRIVER = ROOT / "book" / "assets" / "judge.js", Path(__file__).with_name("judge_answers.js")
DATA = {name: exercise.as_data() for name, exercise in check.exercises().items()}
# what no exercise has: an integer that ends in zeros and is rounded, and a mistake near the right value
DATA["none"] = numbers("", ("a", 10.4), ("b", -1234.5, {-1230: ("ㄱ", "x")}), digits=2).as_data()
ABSURD = [
    "", " ", "abc", "nan", "inf", "1/0", "1e999", "1e400/1e400", "٣", "0x10", "1_000", "1,000", "--1", "3/4/5", "√",
    "√-1", ".", "9" * 5000, "-0", "0", "1e-320", "5e-324", "1.7976931348623157e308", None, 0.0, 1e300, -1e-300,
]  # fmt: skip
READABLE = {
    "0.3": 0.3, ".3": 0.3, " 3/4 ": 0.75, "3 / 4": 0.75, "1e-3": 0.001, "−2": -2, "+5.": 5, "√2": 2**0.5,
    "-√2/2": -(2**0.5) / 2,    "1/√100": 0.1,
}  # fmt: skip
TRIALS = ["1", "10", "100", "2", "0.5", "0.1", "0.01", "1.1", "2.5"]


def rounding(value):
    return [float(f"{value:.{digits}e}") for digits in range(4)]


def answers_to(data):
    """Right, wrong, recognized, too short and absurd answers to an exercise."""
    parts = data["parts"]
    right = [part["right"][0] if data["kind"] == "choices" else part["right"] for part in parts]
    yield from ([], [None] * len(parts), right, right[:-1], [*right, 1.0], [str(value) for value in right])
    for place, part in enumerate(parts):
        if data["kind"] == "choices":
            values = [*part["choices"], part["choices"][0].upper(), " " + part["choices"][-1]]
        else:
            values = [
                r for factor in (1, -1, 2, 0.5, 2**0.5, 3, 0.1, 1.3, 40) for r in rounding(factor * part["right"])
            ]
        for value in [*values, *ABSURD, *READABLE, *TRIALS]:
            yield [*right[:place], value, *right[place + 1 :]]
    for trial in [*ABSURD, *TRIALS]:
        yield [trial] * len(parts)
    for row in [*(mistake["values"] for mistake in data["mistakes"]), *data["also"]]:
        whole = [right[place] if value is None else value for place, value in enumerate(row)]
        yield from (whole, [rounding(value)[2] for value in whole], [rounding(value)[1] for value in whole])
        for place in range(len(parts)):
            yield [*right[:place], whole[place], *right[place + 1 :]]


CASES = [(name, answers, language) for name in DATA for answers in answers_to(DATA[name]) for language in LANGUAGES]


@pytest.mark.skipif(not NODE, reason="node is not installed")
def test_the_page_says_what_python_says():
    sent = json.dumps({"exercises": DATA, "cases": CASES})
    run = subprocess.run([NODE, DRIVER, PORT], input=sent, capture_output=True, text=True, check=True, encoding="utf8")
    said = json.loads(run.stdout)
    differ = [
        (case, theirs, ours)
        for case, theirs in zip(CASES, said, strict=True)
        if tuple(theirs) != (ours := check.verdict(DATA[case[0]], *case[1:]))
    ]
    assert not differ, f"{len(differ)} of {len(CASES)} answers: {differ[:5]}"


def test_the_cases_meet_every_branch():
    words = {check.verdict(DATA[name], answers, language)[1] for name, answers, language in CASES}
    general = {text for pair in DATA["thaw"]["words"].values() for text in pair}
    for text in general:
        assert any(text.split("{")[0] in said for said in words), text


@pytest.mark.parametrize("name", DATA)
def test_an_exercise_is_plain_data(name):
    data = json.loads(json.dumps(DATA[name], allow_nan=False))
    assert data == DATA[name]
    rows = [*data["also"], *(mistake["values"] for mistake in data["mistakes"])]
    assert all(len(row) == len(data["parts"]) for row in rows)


@pytest.mark.parametrize("name", check.exercises())
def test_every_mistake_is_named_and_none_is_right(name):
    data = DATA[name]
    for mistake in data["mistakes"]:
        answers = [p["right"] if v is None else v for p, v in zip(data["parts"], mistake["values"])]
        for language, words in zip(LANGUAGES, mistake["words"]):
            mark, text = check.verdict(data, answers, language)
            assert mark == "✗"
            assert text.endswith(words)


@pytest.mark.parametrize("text, value", READABLE.items())
def test_what_a_reader_may_type(text, value):
    assert number(text) == value


@pytest.mark.parametrize("given, value, so", [(0.1, 0.0966, True), (0.097, 0.0966, True), (0.09, 0.0966, False)])
def test_a_number_rounded_to_its_own_digits(given, value, so):
    assert rounded(given, value) is so


@pytest.mark.parametrize("given, value", [(10, 8), (100, 103), (1, 0.6), (0, 0.2), (2000, 1956.3)])
def test_no_rounding_at_all(given, value):
    assert not rounded(float(given), value)


def test_a_round_trial_does_not_give_the_answer_away():
    data = DATA["before_the_cut"]
    for right, trial in ((0.5, 1.0), (50.0, 100.0), (0.05, 0.1)):
        data = data | {"parts": [data["parts"][0] | {"right": right}], "mistakes": []}
        assert check.verdict(data, [trial], "en")[1] == "This is too large."
        assert check.verdict(data, [1.05 * trial / 1.05 * 1.001], "en")[1] == "This is 2 times the right value."
