"""Tables that are made, not typed: symbols, calls and defaults of the frameworks, what to choose.

`:::{made-table} name` stands where one of `TABLES` goes; the words are in the catalogues under `tables`, the rest comes
from `book/notation.yml`, `book/frameworks.yml`, `winit.frameworks`, `winit.INITIALIZERS` and the chapters.
"""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from winit import INITIALIZERS, VarianceScaling
from winit.blocks import FRAMEWORKS, call
from winit.choosing import CHOICES, Choice
from winit.frameworks import CALLS, DEFAULTS

from ..building.editions import edition_of
from ..building.remote import github
from ..launch import git_pull
from ..paths import BOOK, ROOT, read_yaml

FANS = {"in": r"\text{fan}_\text{in}", "out": r"\text{fan}_\text{out}"}
FANS["avg"] = rf"({FANS['in']} + {FANS['out']})"


def data(name: str):
    return read_yaml(BOOK / f"{name}.yml")


def code(text: str | None) -> str:
    return f"`{text}`" if text else "–"


def variance(init: VarianceScaling, power: int = 1) -> str:
    r"""The variance of a row in TeX; with `power` 3 times it, the square of the limit of the uniform distribution.

    Examples
    --------
    >>> variance(INITIALIZERS["he_normal"]), variance(INITIALIZERS["glorot_uniform"], power=3)
    ('2/\\text{fan}_\\text{in}', '6/(\\text{fan}_\\text{in} + \\text{fan}_\\text{out})')
    """
    scale = init.scale * power * (2 if init.fan == "avg" else 1)
    return f"{scale:.3g}/{FANS[init.fan]}" if scale >= 1 else rf"1/(3\,{FANS[init.fan]})"


def symbols(edition, group):
    words = edition.catalogue["tables"]
    head = [words["symbol"], words["meaning"], words["in_code"]]
    return head, [[f"${row['symbol']}$", row[edition.language], code(row["code"])] for row in data("notation")[group]]


def calls(edition):
    """Every row of `INITIALIZERS` as the frameworks spell it."""
    words = edition.catalogue["tables"]
    head = [words["row"], words["variance"], "PyTorch", "Keras", "JAX"]
    rows = []
    for name, spelled in CALLS.items():
        init = INITIALIZERS[name]
        rows.append(
            [
                code(name),
                f"${variance(init)}$" if isinstance(init, VarianceScaling) else "–",
                *map(code, spelled),
            ]
        )
    return head, rows


def layers(edition):
    """What the layers of three frameworks draw."""
    words = edition.catalogue["tables"]
    return versions([words["layer"], "PyTorch", "Keras", "Flax"]), [
        [row[edition.language], *(code(row[name]) for name in ("PyTorch", "Keras", "Flax"))]
        for row in data("frameworks")["layers"]
    ]


def by_activation(edition):
    """What `winit.recommend` draws under each activation, with the section that shows it."""
    words, choose, called = edition.catalogue["tables"], edition.catalogue["choose"], offered_names(edition)
    rows = []
    for activation, choice in CHOICES.items():
        page, section = choice.shown.split("#")
        link = f"[{page[:2]}]({page}.ipynb#{section})"
        rule = choose["rules"][choice.name]
        rows.append([called[activation], rule, f"${variance(choice.initializer)}$", link])
    return [words["activation"], words["initializer"], words["variance"], words["chapter"]], rows


def dense(edition):
    """The default of a dense layer in the words of our own table."""
    words = edition.catalogue["tables"]
    head = [words["framework"], words["layer"], words["weights"], words["bias"]]
    return head, [[name, *map(code, default)] for name, default in DEFAULTS.items()]


def classifiers(edition):
    words = edition.catalogue["tables"]
    rows = data("frameworks")["classifiers"]
    head = [code("activation"), words["weights_and_bias"]]
    return head, [[code(row["activation"]), code(row["law"])] for row in rows]


def signatures(edition):
    names = ("PyTorch", "Keras", "JAX")
    rows = data("frameworks")["signatures"]
    return versions([*names]), [[code(row[name]) for name in names] for row in rows]


def choices(edition):
    """What to choose, on one page: the rules, each with its activations, its variance and the uniform limit."""
    words, choose, called = edition.catalogue["tables"], edition.catalogue["choose"], offered_names(edition)
    rows = [
        [
            ", ".join(called[activation] for activation in activations),
            choose["rules"][choice.name],
            f"${variance(choice.initializer)}$",
            rf"$\sqrt{{{variance(choice.initializer, power=3)}}}$",
        ]
        for choice, activations in rules().values()
    ]
    return [words["activation"], words["initializer"], words["variance"], words["limit"]], rows


def short_calls(edition):
    """The rules of `choices` that the frameworks draw by name, and how they spell them."""
    words, rules_of = edition.catalogue["tables"], edition.catalogue["choose"]["rules"]
    rows = [
        [rules_of[name], *(code(call(framework, choice.initializer)) for framework in FRAMEWORKS)]
        for name, (choice, _) in rules().items()
        if choice.initializer in INITIALIZERS.values()
    ]
    return [words["initializer"], "PyTorch", "Keras", "JAX"], rows


def offered_names(edition) -> dict[str, str]:
    """What the page `choose` calls what it offers, and with it the cheat sheet an activation."""
    return edition.catalogue["names"] | edition.catalogue["choose"]["choices"]


def rules() -> dict[str, tuple[Choice, list[str]]]:
    """The rules of `CHOICES`, each once, with the activations that take it."""
    found: dict[str, tuple[Choice, list[str]]] = {}
    for activation, choice in CHOICES.items():
        found.setdefault(choice.name, (choice, []))[1].append(activation)
    return found


def hub(edition):
    """A link to every chapter of an edition for a JupyterHub; where the repository lies nowhere yet, one to fill in."""
    words = edition.catalogue["tables"]
    owner, name = github(ROOT) or ("OWNER", "NAME")
    return [words["chapter"], words["link"]], [
        [f"[]({path.name})", code(git_pull(owner, name, path.relative_to(ROOT).as_posix()))]
        for path in edition.notebooks
    ]


def versions(head):
    known = data("frameworks")["versions"]
    return [f"{name} {known[name]}" if name in known else name for name in head]


TABLES = {
    table.__name__: table
    for table in (
        symbols,
        calls,
        layers,
        dense,
        classifiers,
        signatures,
        by_activation,
        choices,
        short_calls,
        hub,
    )
}


class MadeTable(Directive):
    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        env = self.state.document.settings.env
        name, *arguments = self.arguments[0].split()
        head, rows = TABLES[name](edition_of(env.app), *arguments)
        lines = [f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows]]
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, "tables.py"), self.content_offset, holder)
        for table in holder.findall(nodes.table):
            table["classes"].append(name)
        return holder.children


def setup(app):
    app.add_directive("made-table", MadeTable)
