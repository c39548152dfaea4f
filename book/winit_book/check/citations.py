"""A citation, ``[Glorot & Bengio (2010)](bibliography.md#glorot2010)``, says who and when."""

from __future__ import annotations

import re
from functools import cache

from ..appendices.bibliography import authors, references, surname

CITATION = re.compile(r"\[([^\]]*)\]\(bibliography\.md#([^)]*)\)")
entries = cache(references)


def mistake(words: str, key: str) -> str:
    """What is wrong with a citation: an unknown key, another year, nobody of the authors; or nothing.

    Examples
    --------
    >>> mistake("Glorot & Bengio (2011)", "glorot2010")
    'the year is 2010'
    """
    if key not in entries():
        return "no such entry"
    entry = entries()[key]
    if set(re.findall(r"\b(?:19|20)\d\d\b", words)) - {entry.fields["year"]}:
        return f"the year is {entry.fields['year']}"
    names = {surname(person).split()[-1] for person in entry.persons["author"]}
    if re.search(r"\d{4}", words) and not any(name in words for name in names):
        return f"the authors are {authors(entry)}"
    return ""
