"""A small book in which every form that the chapters may use stands once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import tiny_book
from tiny_book import code, notebook, text

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
[이 절](#exercises)에서 *강조*를 봅니다.[^1] 곱은 10000개이고 팬인(fan-in)은 75입니다.

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


def pages(language: str) -> dict[str, object]:
    return {"index": INDEX[language], "01_forms": chapter(language, 1), "02_more": chapter(language, 2)}


def build_edition(folder: Path, language: str) -> subprocess.CompletedProcess:
    """One edition alone, without the rest of the site; stdout and stderr together in `.stdout`."""
    return subprocess.run(
        [sys.executable, "-m", "winit_book.building.edition", language],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(folder / "book"), str(folder)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )


def build(folder: Path) -> subprocess.CompletedProcess:
    """The whole small book, in both editions."""
    return tiny_book.build(tiny_book.write(folder, {language: pages(language) for language in ("ko", "en")}))
