"""Every check accepts the worked solution, names each mistake it knows, speaks one language and never raises.

The answers and the words they must get stand in `checks/`, one file for each module of `winit.check`.
"""

import io
import json
import re
import sys
from importlib import import_module
from itertools import count, pairwise
from pathlib import Path

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
from winit_book.building.editions import read_editions
from winit_book.paths import ROOT

from winit import check
from winit.check import line
from winit.check.record import FACTORS
from winit.check.rule import number

NOTEBOOKS = {path: nbformat.read(path, as_version=4).cells for path in read_editions(ROOT)[0].notebooks}
EXERCISES = check.exercises()
MODULES = sorted(path.stem for path in Path(__file__).with_name("checks").glob("*.py"))
CASES = [case for module in MODULES for case in import_module(f"checks.{module}").CASES]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("WINIT_LANG", "en")


def said(capsys, exercise, answer):
    assert exercise(answer) is None
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return lines[0]


def cells(tag):
    return [
        pytest.param(cell, id=f"{path.stem}-{number}")
        for path, of_one in NOTEBOOKS.items()
        for number, cell in enumerate(of_one, 1)
        if (cell.cell_type == "code" and "winit.check." in cell.source)
        and ("solution" in cell.metadata.get("tags", [])) == (tag == "solution")
    ]


@pytest.mark.parametrize("cell", cells("solution"))
def test_worked_solutions_pass(capsys, cell):
    assert "hide-cell" in cell.metadata.tags
    assert cell.metadata.jupyter.source_hidden
    if cell.metadata.jupyter.get("outputs_hidden"):  # it tells nothing before a reader runs it, so run it
        assert not cell.outputs
        context, own = {}, next(of_one for of_one in NOTEBOOKS.values() if cell in of_one)
        with mpl.rc_context():  # a chapter begins with its style
            for source in (next(other.source for other in own if other.cell_type == "code"), cell.source):
                exec(source, context)  # the imports and helpers of the chapter, and what was worked out
        printed = capsys.readouterr().out
    else:
        printed = cell.outputs[-1].text
    assert printed.splitlines()[-1] == "✓"  # the same in every edition


@pytest.mark.parametrize("edition", read_editions(ROOT), ids=lambda edition: edition.language)
def test_a_function_is_called_as_its_exercise_says(edition):
    """The page shows the inputs under the names that the reader was asked to give his arguments."""
    shown = {name: exercise.given[0] for name, exercise in EXERCISES.items() if exercise.kind == "function"}
    for path in edition.notebooks:
        of_one = nbformat.read(path, as_version=4).cells
        for words, cell in pairwise(of_one):
            name = re.search(r"winit\.check\.(\w+)\(", cell.source)
            if words.source.startswith("<!-- exercise:") and name and name[1] in shown:
                names = ", ".join(re.findall(r"(\w+) = ", shown.pop(name[1])))
                assert re.search(rf"`answer\({names}(, rng)?\)`", words.source), name[1]
    assert not shown


@pytest.mark.parametrize("cell", cells("exercise"))
def test_an_exercise_is_not_filled_in(cell):
    assert [output.text for output in cell.outputs] == ["…\n"]


@pytest.mark.parametrize("name", EXERCISES)
def test_an_unfilled_answer(capsys, name):
    assert said(capsys, EXERCISES[name], None) == "…"


@pytest.mark.parametrize("exercise, answer, words", CASES)
def test_what_a_check_recognises(capsys, exercise, answer, words):
    text = said(capsys, exercise, answer)
    assert text == words if words == "✓" else text.startswith("✗") and words.lower() in text.lower()


def test_every_mistake_is_made_by_a_case():
    """As a whole: where a mistake spoils several values, all of them are those that it leads to."""
    heard = {(id(exercise), exercise.judge(answer)[1][1]) for exercise, answer, _ in CASES}
    missing = []
    for name, exercise in EXERCISES.items():
        data = exercise.as_data()
        right = [part["right"] for part in data["parts"]]
        for mistake in data["mistakes"]:
            whole = [mine if value is None else value for value, mine in zip(mistake["values"], right)]
            words = check.verdict(data, whole, "en")[1]
            if (id(exercise), words) not in heard:
                missing.append(f"{name}: {words}")
    assert not missing


def test_a_telling_factor_is_what_its_name_says():
    for factor, name in FACTORS:
        assert number(name) == pytest.approx(factor, rel=1e-12), name


def test_every_exercise_has_its_cases():
    assert {id(exercise) for exercise, *_ in CASES} == {id(exercise) for exercise in EXERCISES.values()}
    assert set(EXERCISES) < set(check.__all__)
    machinery = {"function", "line", "record", "rule"}
    assert {path.stem for path in Path(check.__file__).parent.glob("[!_]*.py")} == {*MODULES, *machinery}


class Bomb:
    """Raises what it is told, whatever is asked of it."""

    def __init__(self, error):
        self.error = error

    def explode(self, *arguments, **keywords):
        raise self.error

    __repr__ = __str__ = __eq__ = __len__ = __iter__ = __array__ = __float__ = __index__ = __call__ = explode
    __bool__ = __hash__ = __getitem__ = __getattr__ = __int__ = __complex__ = __lt__ = __abs__ = explode


class Whimper(BaseException):
    def __str__(self):
        raise SystemExit(1)


def endless():
    yield from count()


nested = []
nested.append(nested)
THINGS = {
    "list of lists": [[1, 2], [3, [4, 5]]],
    "itself": nested,
    "huge": 10**400,
    "huge ones": [10**400] * 8,
    "array": np.ones((400, 100)),
    "objects": np.array([None, {}, "x"], object),
    "complex": 1j,
    "complex ones": np.array([1j] * 3),
    "nan": float("nan"),
    "inf": [float("-inf")] * 2,
    "text": "x" * 10**6,
    "digits": "9" * 10**6,
    "bytes": b"dhkebajf",
    "dict": {1: 2},
    "keys": dict.fromkeys(("relu", "selu", "tanh", "softmax")),
    "odd keys": {key: [1] for key in ("relu", "selu", "tanh", "softmax")},
    "set": {1, 2, 3},
    "empty": [],
    "nothing in it": [None, 1],
    "generator": (i for i in range(3)),
    "endless": endless(),
    "class": int,
    "module": np,
    "date": np.datetime64("2020-01-01"),
    "complex64": np.complex64(3),
    "ragged": [np.ones(2), np.ones((3, 3))],
    "masked": np.ma.masked,
    "0-d": np.array(0.3),
    "surrogate": "\ud800",
    **{
        f"bomb {error!r:.20}": Bomb(error)
        for error in (ValueError("\n"), SystemExit(2), GeneratorExit(), MemoryError())
    },
    "whimper": Bomb(Whimper()),
    "bombs": [Bomb(Whimper())] * 2,
}


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.filterwarnings("ignore")
def test_nothing_makes_a_check_raise(capsys, thing):
    def change(*arguments):
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                argument *= 0
        return THINGS[thing]

    for exercise in EXERCISES.values():
        for answer in (THINGS[thing], lambda *arguments: THINGS[thing], change):
            assert len(said(capsys, exercise, answer)) < 400


@pytest.mark.parametrize("error", [SystemExit(0), Whimper(), ZeroDivisionError("a\nb" * 1000)])
def test_a_function_may_raise_what_it_likes(capsys, error):
    def answer(*arguments):
        raise error

    text = said(capsys, check.cd_step, answer)
    assert f"answer(v_0, v_1, W, c) raised {type(error).__name__}" in text
    assert len(text) < 200


def test_only_an_interrupt_goes_through():
    with pytest.raises(KeyboardInterrupt):
        check.thaw(Bomb(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        check.cd_step(Bomb(KeyboardInterrupt()))


def test_the_inputs_survive_a_function_that_changes_them(capsys):
    def answer(W, h):
        W /= (h @ W).std()
        h *= 0
        return W

    for _ in range(2):
        assert said(capsys, check.one_pass, answer) == "✓"


FOLDERS = ["chapters/ko", "chapters/ko/figures/x", "chapters/en", "chapters", "chapters/de", "ko"]
HANGUL, ENGLISH = "정답보다 작습니다.", "This is too small."


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("named", ["ko", "en", "fr", ""])
def test_the_language_of_the_edition(capsys, monkeypatch, tmp_path, folder, named):
    (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / folder)
    monkeypatch.setenv("WINIT_LANG", named)
    where = named if named in ("ko", "en") else next((x for x in ("ko", "en") if f"chapters/{x}" in folder), None)
    words = {"ko": HANGUL, "en": ENGLISH, None: f"{HANGUL} / {ENGLISH}"}[where]
    assert said(capsys, check.thaw, 3) == f"✗ {words}"


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "cp1252", "utf-8", "utf-16", "koi8-r", "iso2022_kr"])
@pytest.mark.parametrize("language", ["ko", "en", ""])
def test_any_encoding_of_the_screen(monkeypatch, encoding, language):
    monkeypatch.setenv("WINIT_LANG", language)
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", screen)
        check.after_relu(2 / 400)
        check.after_relu(None)
        check.after_relu(0.0707)
    screen.flush()
    said = screen.buffer.getvalue().decode(encoding)
    korean = language != "en" and encoding in ("cp949", "utf-8", "utf-16", "iso2022_kr")
    assert ("분산입니다. 제곱근을 취하세요." in said) is korean
    assert ("That is the variance" in said) is (language != "ko" or not korean)
    assert "?" not in said
    assert said.startswith(("✗", "X "))


def test_every_symbol_has_a_stand_in():
    words = json.dumps({name: exercise.as_data() for name, exercise in EXERCISES.items()}, ensure_ascii=False)
    hangul = re.compile("[가-힣]")
    assert {c for c in words if not c.isascii() and not hangul.match(c)} <= set(line.STAND_INS)


def test_stand_ins():
    assert line.plain("✗ E[z²] ≠ √2·σ", "ascii") == "X E[z^2] != sqrt 2*sigma"
    assert line.plain("✓ 분산 σ²", "cp949") == "OK 분산 σ²"
    assert line.plain("✓ 분산", "no such encoding") == "OK ??"


def test_a_gone_folder_has_no_language(monkeypatch, tmp_path):
    monkeypatch.delenv("WINIT_LANG")
    folder = tmp_path / "chapters" / "ko"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert line.edition() is None
