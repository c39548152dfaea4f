"""A chapter with two explorers, which have every kind of control, value, number and state between them."""

from __future__ import annotations

from pathlib import Path

import tiny_book
import yaml
from tiny_book import code, notebook, text

WAVES = """\
import numpy as np

import winit


def compute(std, activation, form, noisy):
    if std == 2 and form == "square":
        raise ValueError("no square waves of std 2")
    z = std * np.sin(np.linspace(0, 6, 50) * (1 + noisy))
    z = np.sign(z) * std if form == "square" else z
    return winit.ACTIVATIONS[activation].f(z)


def draw(figure):
    ax = figure.add_subplot(xlim=(0, 49), ylim=(-2.2, 2.2), title="wave")
    (line,) = ax.plot([], [], zorder=1)

    def update(record):
        line.set_data(np.arange(50), record)
        return [line]

    return update


winit.Explorer(
    "waves",
    controls={
        "std": [0.5, 1, 2],
        "activation": ["tanh", "relu"],
        "form": ["round", "square"],
        "noisy": [False, True],
    },
    compute=compute,
    draw=draw,
    numbers=lambda h: {"highest": h.max(), "E[h²]": np.mean(h**2), "sign": "both" if h.min() < 0 else "one"},
    size=(4, 2),
)
"""
DECAY = """\
winit.Explorer(
    "decay",
    controls={"factor": [0.5, 0.7, 0.9]},
    compute=lambda factor: factor ** np.arange(50),
    draw=draw,
    numbers=lambda values: {"last": values[-1]},
    start={"factor": 0.7},
    size=(4, 2),
)
"""
WORDS = {
    "en": "std form noisy round square with without highest sign both one activation factor last",
    "ko": "표준편차 모양 잡음 둥근_것 네모난_것 있음 없음 가장_큰_값 부호 둘_다 하나 활성화_함수 비율 끝_값",
}
PROSE = {
    "en": ("A wave", "One paragraph.", "One more", "More.", "End", "Words."),
    "ko": ("물결", "한 문단입니다.", "하나 더", "더 적습니다.", "끝", "말입니다."),
}
ALT = {"en": "A wave between two levels", "ko": "두 높이 사이의 물결"}
CAPTION = {"en": "*Move the **scale**, then the form.*", "ko": "***스케일**을 옮기고 모양을 바꾸어 봅니다.*"}


def chapter(language, *cells):
    title, first, more, second, end, last = PROSE[language]
    return notebook(
        text(f"# {title}\n\n{first}\n\n<!-- section: wave -->\n## {more}\n\n{second}"),
        code(WAVES),
        text(f"<!-- figure: fig-waves | {ALT[language]} -->\n{CAPTION[language]}\n\n[](#fig-waves), [](#fig-decay)."),
        code(DECAY),
        text(f"<!-- figure: fig-decay | {ALT[language]} -->\n{CAPTION[language]}"),
        text(f"<!-- section: end -->\n## {end}\n\n{last}"),
        *cells,
    )


def write(folder: Path, *cells) -> Path:
    """The book in `folder`, with `cells` at the end of its chapter."""
    page = "# Title\n\nOne paragraph.\n"
    book = tiny_book.write(folder, {e: {"index": page, "01_waves": chapter(e, *cells)} for e in ("en", "ko")})
    translate(book)
    return book


def translate(book: Path) -> None:
    """Put the words of the chapter into the catalogues."""
    for language, words in WORDS.items():
        path = book / "book" / "catalogue" / f"{language}.yml"
        catalogue = yaml.safe_load(path.read_text("utf8"))
        catalogue["explorer"] |= {key: word.replace("_", " ") for key, word in zip(WORDS["en"].split(), words.split())}
        catalogue.setdefault("words", {})["wave"] = "물결"
        path.write_text(yaml.safe_dump(catalogue, allow_unicode=True), "utf8")
