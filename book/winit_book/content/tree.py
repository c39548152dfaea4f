"""Ways through a document that docutils does not have."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes


def parents(node: nodes.Node) -> Iterator[nodes.Node]:
    """What holds the node, from its parent up to the document."""
    while node.parent is not None:
        node = node.parent
        yield node


def inside(node: nodes.Node, kinds: type | tuple[type, ...]) -> bool:
    """Whether a node of these kinds holds the node."""
    return any(isinstance(parent, kinds) for parent in parents(node))
