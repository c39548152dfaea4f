"""A small book in which every form that the chapters may use stands once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import explorer_book
import tiny_book
import yaml
from tiny_book import code, notebook, text
from winit_book.building.execution import fill_cache

DRAWING = """import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(6, 3.4))
ax.semilogy([2.0**-layer for layer in range(20)])
plt.show()"""
WIDE = f"$$ {' + '.join('abcdefghijklmnopqrstuvwxyz')} = \\sum_i x_i + \\sum_j y_j $$"

# N is the number of the page
FORMS = {
    "ko": r"""
# 모든 형식을 씁니다

이 쪽은 첫 문단으로 주장을 말합니다. $x^2$도 나옵니다.

<!-- section: theorem -->
## 정리와 유도

:::{prf:theorem} 분산의 합
:label: thm-N
독립이면 분산은 더해집니다.
:::

:::{admonition} 증명
:class: dropdown
전개하면 됩니다.
:::

:::{note}
참고할 말입니다.
:::

$$ \operatorname{Var}[x + y] = \operatorname{Var}[x] + \operatorname{Var}[y] $$ (eq-N)

[](#eq-N)과 {prf:ref}`thm-N`, [그림](#fig-N), [](#fig-N), [](02_more.ipynb#fig-2)를 보고,
[이 절](#exercises)에서 *강조*를 봅니다.[^1] 곱은 10000개이고 팬인(fan-in)은 75입니다. 10–25분이 걸립니다.

[^1]: 각주입니다.

<!-- section: wide -->
## 자리가 모자란 것

<!-- section: wide-formula -->
### 넓은 것

WIDE

| 초기화 | 분산 | PyTorch | Keras | JAX | 언제 |
|---|---|---|---|---|---|
| 글로럿 | $2/(n_\text{in} + n_\text{out})$ | `xavier_normal_` | `glorot_normal` | `glorot_normal` | tanh |
| He | $2/n_\text{in}$ | `kaiming_normal_` | `he_normal` | `he_normal` | ReLU |
""",
    "en": r"""
# Use every form

This page says its claim in the first paragraph, with $x^2$.

<!-- section: theorem -->
## Theorem and derivation

:::{prf:theorem} Variance of a sum
:label: thm-N
Independent variances add.
:::

:::{admonition} Proof
:class: dropdown
Expand.
:::

:::{note}
A remark.
:::

$$ \operatorname{Var}[x + y] = \operatorname{Var}[x] + \operatorname{Var}[y] $$ (eq-N)

See [](#eq-N), {prf:ref}`thm-N`, [Figure](#fig-N), [](#fig-N), [](02_more.ipynb#fig-2)
and [this section](#exercises), *emphasis*.[^1]

[^1]: A footnote.

<!-- section: wide -->
## Things that do not fit

<!-- section: wide-formula -->
### Wide

WIDE

| Initializer | Variance | PyTorch | Keras | JAX | When |
|---|---|---|---|---|---|
| Glorot | $2/(n_\text{in} + n_\text{out})$ | `xavier_normal_` | `glorot_normal` | `glorot_normal` | tanh |
| He | $2/n_\text{in}$ | `kaiming_normal_` | `he_normal` | `he_normal` | ReLU |
""",
}
FIGURE = {
    "ko": """
<!-- figure: fig-N | 층이 깊어질수록 분산이 절반씩 줄어든다 -->
*분산은 층마다 절반이 됩니다. $v_l$을 그렸습니다.*
""",
    "en": """
<!-- figure: fig-N | The variance halves from layer to layer -->
*The variance halves from layer to layer. Drawn is $v_l$.*
""",
}
EXERCISE = {
    "ko": """
<!-- section: exercises -->
## 연습

:::{exercise} 팬인 세기
:label: ex-N
5×5 커널의 팬인은 얼마입니까?
:::

:::{dropdown} 힌트
채널 수를 보십시오.
:::
""",
    "en": """
<!-- section: exercises -->
## Exercises

:::{exercise} Count the fan-in
:label: ex-N
What is the fan-in of a 5×5 kernel?
:::

:::{dropdown} Hint
Look at the channels.
:::
""",
}
SOLUTION = {  # around a cell, so that the solution is executed
    "ko": (":::{solution-start} ex-N\n:label: sol-N\n:class: dropdown\n:::\n\n75입니다.", ":::{solution-end}\n:::"),
    "en": (":::{solution-start} ex-N\n:label: sol-N\n:class: dropdown\n:::\n\nIt is 75.", ":::{solution-end}\n:::"),
}
SCALE = """\
import numpy as np

import winit


def draw(figure):
    ax = figure.add_subplot(xlim=(0, 10), ylim=(0, 30))
    (line,) = ax.plot([], [], zorder=1)

    def update(record):
        line.set_data(np.arange(11), record)
        return [line]

    return update


winit.Explorer(
    "scale",
    controls={"std": [0.5, 1, 2], "depth": [5, 10]},
    compute=lambda std, depth: std * np.minimum(np.arange(11.0), depth),
    draw=draw,
    numbers=lambda record: {"signal": record[-1]},
    size=(6, 2.6),
)
"""
TASKS = {
    "ko": [
        """
# 살아 있는 형식

고르고, 쓰고, 움직이는 형식을 모두 한 번씩 씁니다.

<!-- section: scale -->
## 크기

[표준편차를 2로 올리면](#fig-scale?std=2) 선이 가팔라집니다. [깊이까지 줄이면](#fig-scale?std=0.5&depth=5) 눕습니다.
""",
        """
<!-- figure: fig-scale | 표준편차에 비례하는 선 -->
*조절기를 움직여 보세요.*

MORE

<!-- section: guess -->
## 짐작
""",
        """
<!-- guess: guess-std -->
**먼저 맞혀 봅시다.** 분산이 1인 입력 100개를 분산이 1인 가중치로 더하면, 합의 분산은 얼마일까요?

- 1
- $\\sqrt{100} = 10$
- 100 <!-- right -->

<details><summary>답</summary>

100입니다. 분산은 **더해집니다**. 10이라고 했다면 표준편차를 떠올린 것입니다.

</details>
""",
        """
<!-- section: tasks -->
## 연습

[연습](#ex-fans)부터 풀고, [](#ex-suitable)로 넘어갑니다.
""",
        """
<!-- exercise: ex-fans -->
**연습: 묶음 합성곱.** 입력 16채널, 출력 32채널, 묶음 4개인 5 × 5 합성곱의 (팬인, 팬아웃)을 `answer`에 넣으세요.

<details><summary>힌트</summary>

한 출력은 자기 묶음의 입력만 더합니다.

</details>
""",
        """
<details><summary>풀이</summary>

묶음마다 입력이 $16/4 = 4$채널입니다.

</details>
""",
        """
<!-- exercise: ex-suitable -->
**연습.** 활성화 함수마다 알맞은 초기화를 고르세요.
""",
        """
<!-- exercise: ex-criticize -->
**연습: 주장을 비판하기.** “가중치가 작을수록 좋다.” 무엇이 빠졌는지 두 문장으로 쓰세요.

<details><summary>채점 기준</summary>

- 층마다 신호가 같은 비율로 줄어든다는 말이 있습니다.

</details>
""",
        """
<!-- section: summary -->
## 요약

MORE

크기는 층마다 곱해집니다. [더 깊이](#proof)에 증명이 있습니다.

<!-- section: proof | deeper -->
## 더 깊이: 증명

MORE

<!-- section: step -->
### 한 걸음

숨어 있던 낱말은 코끼리입니다.
""",
        """
<!-- section: history | deeper -->
## 더 깊이: 역사

MORE

<!-- section: references -->
## 참고 문헌

없습니다.
""",
    ],
    "en": [
        """
# Live forms

Every form that one chooses, fills in or moves stands here once.

<!-- section: scale -->
## Scale

[Raise it to 2](#fig-scale?std=2), and the line is steep. [With less depth](#fig-scale?std=0.5&depth=5) it is flat.
""",
        """
<!-- figure: fig-scale | A line in proportion to the standard deviation -->
*Move the controls.*

MORE

<!-- section: guess -->
## A guess
""",
        """
<!-- guess: guess-std -->
**Guess.** A layer sums 100 inputs of variance 1 with weights of variance 1. What is the variance of the sum?

- 1
- $\\sqrt{100} = 10$
- 100 <!-- right -->

<details><summary>Answer</summary>

100: the variances **add**. Who says 10 has thought of the standard deviation.

</details>
""",
        """
<!-- section: tasks -->
## Exercises

Begin with [Exercise](#ex-fans), go on to [](#ex-suitable).
""",
        """
<!-- exercise: ex-fans -->
**Exercise: a grouped convolution.** It is 5 × 5, from 16 channels to 32 in 4 groups. Set `answer` to (fan-in, fan-out).

<details><summary>Hint</summary>

An output sums the inputs of its own group only.

</details>
""",
        """
<details><summary>Solution</summary>

Each group has $16/4 = 4$ channels of the input.

</details>
""",
        """
<!-- exercise: ex-suitable -->
**Exercise.** Choose a suitable initializer for each activation.
""",
        """
<!-- exercise: ex-criticize -->
**Exercise: criticize a claim.** “The smaller the weights, the better.” Say in two sentences what is missing.

<details><summary>Rubric</summary>

- It says that the signal shrinks by the same factor in every layer.

</details>
""",
        """
<!-- section: summary -->
## Summary

MORE

A scale is multiplied layer by layer. [Going deeper](#proof) has the proof.

<!-- section: proof | deeper -->
## Deeper: a proof

MORE

<!-- section: step -->
### One step

The word that was hidden is elephant.
""",
        """
<!-- section: history | deeper -->
## Deeper: history

MORE

<!-- section: references -->
## References

None.
""",
    ],
}
MORE = {
    "ko": "읽을거리입니다. 한 층이 신호에 곱하는 수가 1이 아니면, 깊이를 따라 지수로 커지거나 줄어듭니다.\n\n" * 8,
    "en": "Something to read: a factor of a layer that is not 1 grows or shrinks exponentially with depth.\n\n" * 8,
}
HIDDEN = {"source_hidden": True, "outputs_hidden": True}
INDEX = {
    "ko": "# 가중치 초기화\n\n첫 걸음을 떼기 전에 이미 가중치가 신호와 기울기의 운명을 정합니다.\n",
    "en": "# Weight initialization\n\nBefore the first step the weights already decide whether signals live or die.\n",
}


def chapter(language: str, number: int):
    def say(words):
        return text(words.strip().replace("WIDE", WIDE).replace("-N", f"-{number}"))

    return notebook(
        say(FORMS[language]),
        code(DRAWING, "hide-input"),
        say(FIGURE[language]),
        code('print("a long line " * 20)'),
        say(EXERCISE[language]),
        say(SOLUTION[language][0]),
        code("5 * 5 * 3"),
        say(SOLUTION[language][1]),
    )


def tasks(language: str):
    def say(words):
        return text(words.strip().replace("MORE", MORE[language].strip()))

    def solved(cell):
        cell.metadata |= {"tags": ["solution"]} | ({"jupyter": HIDDEN} if cell.cell_type == "code" else {})
        return cell

    opening, figure, guess, heading, fans, why, suitable, essay, summary, deeper = map(say, TASKS[language])
    return notebook(
        opening,
        code(SCALE, "hide-input"),
        figure,
        guess,
        code("print(sum([1] * 100))"),
        heading,
        fans,
        code("answer = None\nwinit.check.grouped(answer)"),
        solved(why),
        solved(code("answer = 5 * 5 * 16 // 4, 5 * 5 * 32 // 4\nprint(*answer)\nwinit.check.grouped(answer)")),
        suitable,
        code("answer = None\nactivations = ['relu', 'selu']\nwinit.check.suitable(answer)"),
        essay,
        summary,
        code("print('deep down')"),
        deeper,
    )


DRAW = """import matplotlib.pyplot as plt

import winit

winit.plotting.use_style()
fig, ax = plt.subplots(figsize=(7.5, 3))
ax.plot([1, 2], [1, 10])
ax.set(xlabel=r"layer $\\ell$", ylabel="loss")
plt.show()"""
RESULTS = 'winit.Results(["layer", "predicted " * 12, "learns"], [["He", 0.5, True], ["tanh", 0.25, False]])'
LINE = {"en": ("A line", "*A line.*"), "ko": ("선 하나", "*선 하나입니다.*")}
WORDS = {" ".join(["predicted"] * 12): "예측", "learns": "배웁니까"}


def drawn(language: str):
    """A figure and a table whose words are translated."""
    return notebook(
        text("# 무게\n\n한 문단입니다." if language == "ko" else "# A weight\n\nOne paragraph."),
        code(DRAW, "hide-input"),
        text("<!-- figure: fig-line | {} -->\n{}".format(*LINE[language])),
        code(RESULTS),
    )


def pages(language: str) -> dict[str, object]:
    first = {"index": INDEX[language], "01_forms": chapter(language, 1), "02_more": chapter(language, 2)}
    return first | {
        "03_tasks": tasks(language),
        "04_waves": explorer_book.chapter(language),
        "05_line": drawn(language),
    }


def build_edition(folder: Path, language: str) -> subprocess.CompletedProcess:
    """One edition alone, without the rest of the site; stdout and stderr together in `.stdout`."""
    fill_cache(folder, sorted((folder / "chapters" / language).glob("*.ipynb")))
    return subprocess.run(
        [sys.executable, "-m", "winit_book.building.edition", language],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(folder / "book"), str(folder)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf8",
        timeout=900,
    )


def write(folder: Path) -> Path:
    """The whole small book, in both editions."""
    book = tiny_book.write(folder, {language: pages(language) for language in ("ko", "en")})
    explorer_book.translate(book)
    path = book / "book" / "catalogue" / "ko.yml"
    catalogue = yaml.safe_load(path.read_text("utf8"))
    catalogue["words"] |= WORDS
    path.write_text(yaml.safe_dump(catalogue, allow_unicode=True), "utf8")
    return book
