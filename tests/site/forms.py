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
FORMS = {
    "ko": """\
# 모든 형식을 씁니다

이 쪽은 첫 문단으로 주장을 말합니다. $x^2$도 나옵니다.

<!-- section: theorem -->
## 정리와 유도

:::{{prf:theorem}} 분산의 합
:label: thm-{n}
독립이면 분산은 더해집니다.
:::

:::{{admonition}} 증명
:class: dropdown
전개하면 됩니다.
:::

:::{{note}}
참고할 말입니다.
:::

$$ \\operatorname{{Var}}[x + y] = \\operatorname{{Var}}[x] + \\operatorname{{Var}}[y] $$ (eq-{n})

[](#eq-{n})과 {{prf:ref}}`thm-{n}`, [그림](#fig-{n}), [](#fig-{n}), [](02_more.ipynb#fig-2), [절](#exercises), *강조*를 봅니다.[^1]

[^1]: 각주입니다.

<!-- section: wide -->
## 넓은 것

$$ a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + x + y + z = \\sum_{{i}} x_i + \\sum_j y_j $$

| 초기화 | 분산 | PyTorch | Keras | JAX | 언제 |
|---|---|---|---|---|---|
| 글로럿 | $2/(n_\\text{{in}} + n_\\text{{out}})$ | `xavier_normal_` | `glorot_normal` | `glorot_normal` | tanh |
| He | $2/n_\\text{{in}}$ | `kaiming_normal_` | `he_normal` | `he_normal` | ReLU |
""",
    "en": """\
# Use every form

This page says its claim in the first paragraph, with $x^2$.

<!-- section: theorem -->
## Theorem and derivation

:::{{prf:theorem}} Variance of a sum
:label: thm-{n}
Independent variances add.
:::

:::{{admonition}} Proof
:class: dropdown
Expand.
:::

:::{{note}}
A remark.
:::

$$ \\operatorname{{Var}}[x + y] = \\operatorname{{Var}}[x] + \\operatorname{{Var}}[y] $$ (eq-{n})

See [](#eq-{n}), {{prf:ref}}`thm-{n}`, [Figure](#fig-{n}), [](#fig-{n}), [](02_more.ipynb#fig-2), [section](#exercises), *emphasis*.[^1]

[^1]: A footnote.

<!-- section: wide -->
## Wide things

$$ a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + x + y + z = \\sum_{{i}} x_i + \\sum_j y_j $$

| Initializer | Variance | PyTorch | Keras | JAX | When |
|---|---|---|---|---|---|
| Glorot | $2/(n_\\text{{in}} + n_\\text{{out}})$ | `xavier_normal_` | `glorot_normal` | `glorot_normal` | tanh |
| He | $2/n_\\text{{in}}$ | `kaiming_normal_` | `he_normal` | `he_normal` | ReLU |
""",
}
FIGURE = {
    "ko": "<!-- figure: fig-{n} | 층이 깊어질수록 분산이 절반씩 줄어든다 -->\n*분산은 층마다 절반이 됩니다. $v_l$을 그렸습니다.*",
    "en": "<!-- figure: fig-{n} | The variance halves from layer to layer -->\n*The variance halves, $v_l$.*",
}
EXERCISE = {
    "ko": """\
<!-- section: exercises -->
## 연습

:::{{exercise}} 팬인 세기
:label: ex-{n}
5×5 커널의 팬인은 얼마입니까?
:::

:::{{solution}} ex-{n}
:label: sol-{n}
:class: dropdown
75입니다.
:::

:::{{exercise}}
:label: ex-{n}-b
팬아웃은 얼마입니까?
:::

:::{{dropdown}} 힌트
채널 수를 보십시오.
:::
""",
    "en": """\
<!-- section: exercises -->
## Exercises

:::{{exercise}} Count the fan-in
:label: ex-{n}
What is the fan-in of a 5×5 kernel?
:::

:::{{solution}} ex-{n}
:label: sol-{n}
:class: dropdown
It is 75.
:::

:::{{exercise}}
:label: ex-{n}-b
And the fan-out?
:::

:::{{dropdown}} Hint
Look at the channels.
:::
""",
}
INDEX = {
    "ko": "# 가중치 초기화\n\n첫 걸음을 떼기 전에 이미 가중치가 신호와 기울기의 운명을 정합니다.\n",
    "en": "# Weight initialization\n\nBefore the first step the weights already decide whether signals live or die.\n",
}


def chapter(language, n):
    return notebook(
        text(FORMS[language].format(n=n)),
        code(DRAWING, "hide-input"),
        text(FIGURE[language].format(n=n)),
        code('print("a long line " * 20)'),
        text(EXERCISE[language].format(n=n)),
    )


def pages(language: str) -> dict[str, object]:
    return {"index": INDEX[language], "01_forms": chapter(language, 1), "02_more": chapter(language, 2)}


def build_edition(folder: Path, language: str) -> subprocess.CompletedProcess:
    """One edition alone, without the rest of the site; stdout and stderr together in `.stdout`."""
    return subprocess.run(
        [sys.executable, "-m", "winit_book.build_edition", language],
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
