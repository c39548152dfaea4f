"""The answers to the exam questions are what their code prints, in both editions."""

import contextlib
import io
import re

import pytest
from winit_book.editions import read_editions
from winit_book.page import ROOT
from winit_book.states import FORM, mistake

EDITIONS = read_editions(ROOT)
BLOCK = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)


def page(edition):
    return edition.sources[edition.pages.index("teaching")].read_text("utf8")


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
def test_the_answers_are_printed_by_their_code(edition):
    names, printed, answers = {}, "", 0
    for kind, text in BLOCK.findall(page(edition)):
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(text, names)
            printed = out.getvalue()
        else:
            answers += 1
            assert printed == text
    assert answers >= 8


def test_another_seed_is_another_exam():
    questions = [text for kind, text in BLOCK.findall(page(EDITIONS[0])) if kind == "python"]
    for question in questions[1:]:
        printed = []
        for seed in range(3):
            names = {}
            exec(questions[0].replace("SEED = 1", f"SEED = {seed}"), names)
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(question, names)
            printed.append(out.getvalue())
        assert len(set(printed)) > 1 or "bool(" in question, question


def test_the_editions_ask_the_same():
    blocks = [BLOCK.findall(page(edition)) for edition in EDITIONS]
    states = [re.findall(r"<(\w+\?[^>]+)>", page(edition)) for edition in EDITIONS]
    assert all(each == blocks[0] for each in blocks) and all(each == states[0] for each in states)
    assert len(states[0]) >= 10


def test_what_a_state_may_ask_for():
    controls = {"fans": {"kernel": ["1", "3"]}}
    assert mistake("fans.kernel=3", controls) == ""
    assert mistake("fans.kernel=2", controls) == "fans.kernel is one of 1, 3"
    assert mistake("fans.groups=1", controls) == "no control fans.groups"
    assert mistake("scale.std=1", controls) == "no control scale.std"
    assert FORM.fullmatch("width 3 <02_fans?fans.kernel=3#fig-fans>").groups() == (
        *("width 3", "02_fans", "fans.kernel=3", "fig-fans"),
    )
    assert not FORM.fullmatch("width 3 <02_fans#fig-fans>")
