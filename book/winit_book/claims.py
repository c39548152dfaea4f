"""What popular notes say and what is true: the rows of `book/claims.yml`."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from . import BOOK

KINDS = ("wrong", "misleading", "overstated", "slip")


@dataclass(frozen=True)
class Claim:
    """One row; the head of `book/claims.yml` says what its fields hold, `words` its texts by language."""

    id: str
    kind: str
    notes: tuple[str, ...]
    chapter: str
    section: str
    values: tuple[str, ...]
    words: dict[str, dict[str, str]]


def read_claims() -> tuple[list[Claim], dict[str, dict[str, str]]]:
    """The claims in their order, and the notes that make them: key → language → description."""
    data = yaml.safe_load((BOOK / "claims.yml").read_text("utf8"))
    fields = ("id", "kind", "chapter", "section")
    claims = [
        Claim(
            **{name: row.pop(name) for name in fields},
            notes=tuple(row.pop("notes")),
            values=tuple(row.pop("values")),
            words=row,
        )
        for row in data["claims"]
    ]
    return claims, data["notes"]
