"""A sample of small faults in `winit`: what mutmut would change, anywhere in the package, one change at a time.

mutmut says what a fault is (its operators); two are added, a statement that is left out and a result that is None. It
is asked for no more than that, because on its own it changes no decorated function and no table, half of this package.
Sentences are left as they are: other tests read them.

Which faults are drawn is decided by a number made of the fault itself, so a change of the package renews the part of
the sample that lies in the changed lines, and no more.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators
from winit_book.paths import ROOT

from mutation.run import changed_lines

UNCHANGED = (cst.Annotation, cst.Import, cst.ImportFrom)
ASKED = {"isinstance", "len"}  # as mutmut has it: other arguments of these only raise


def without_statement(node):
    if isinstance(node, cst.Raise) or isinstance(node.value, cst.Call):
        yield cst.Pass()


def without_result(node):
    if node.value is not None and not (isinstance(node.value, cst.Name) and node.value.value == "None"):
        yield node.with_changes(value=cst.Name("None"))


OPERATORS = [
    *mutation_operators,
    (cst.Expr, without_statement),
    (cst.Raise, without_statement),
    (cst.Return, without_result),
]


@dataclass(frozen=True)
class Mutant:
    file: str
    function: str
    line: int
    span: tuple[int, int]  # the lines of the function around it
    tree: cst.Module
    node: cst.CSTNode
    changed: cst.CSTNode

    @cached_property
    def source(self) -> str:
        return self.tree.deep_replace(self.node, self.changed).code

    @cached_property
    def lines(self) -> tuple[str, str]:
        """The changed lines, before and after."""
        return changed_lines(self.tree.code, self.source)


class Places(cst.CSTVisitor):
    """Every place of a module where an operator applies: (function, its lines, line, operator, node, variants)."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self):
        self.found, self.inside, self.spans, self.line = [], [], [(0, 0)], 0

    def lines(self, node) -> tuple[int, int]:
        position = self.get_metadata(PositionProvider, node, None)
        return (position.start.line, position.end.line) if position else (0, 0)

    def on_visit(self, node):
        if isinstance(node, UNCHANGED) or (isinstance(node, cst.Call) and getattr(node.func, "value", "") in ASKED):
            return False
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self.inside.append(node.name.value)
            self.spans.append(self.lines(node))
        self.line = self.lines(node)[0] or self.line  # the sign of an operation has none of its own
        for kind, operator in OPERATORS:
            if isinstance(node, kind) and not is_sentence(node) and (variants := list(operator(node))):
                self.found.append((".".join(self.inside), self.spans[-1], self.line, operator, node, variants))
        return True

    def on_leave(self, node):
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self.inside.pop()
            self.spans.pop()


def is_sentence(node) -> bool:
    return isinstance(node, cst.SimpleString) and not str(ast.literal_eval(node.value)).isidentifier()


def modules() -> list[str]:
    """All of `winit` but `winit.torch`, whose tests need PyTorch (`make peers`)."""
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "winit").rglob("*.py"))
    return [file for file in files if file != "winit/torch.py"]


def places(seed: int) -> Iterator[tuple[str, Mutant]]:
    """The number that decides, and a mutant, for each place of the package."""
    for file in modules():
        tree = MetadataWrapper(cst.parse_module((ROOT / file).read_text("utf8")))
        visitor, seen = Places(), Counter()
        tree.visit(visitor)
        for function, span, line, operator, node, variants in visitor.found:
            place = (file, function, operator.__name__, tree.module.code_for_node(node))
            seen[place] += 1
            number = hashlib.sha256(repr((seed, *place, seen[place])).encode()).hexdigest()
            variant = variants[int(number, 16) % len(variants)]
            yield number, Mutant(file, function, line, span, tree.module, node, variant)


def sample(number: int, seed: int) -> list[Mutant]:
    return [mutant for _, mutant in sorted(places(seed), key=lambda each: each[0])[:number]]
