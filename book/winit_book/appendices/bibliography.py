"""The page of references: every entry of `book/references.bib` under its key, and the pages that cite it.

A chapter cites with an ordinary link, ``[Glorot & Bengio (2010)](bibliography.md#glorot2010)``, which works in a
notebook, too; an unknown key is a link that leads nowhere and fails the build.
"""

from __future__ import annotations

import re

from docutils import nodes
from docutils.parsers.rst import Directive
from pybtex.database import Entry, Person, parse_file
from pybtex.textutils import abbreviate
from sphinx import addnodes

from ..building.editions import edition_of
from ..paths import BOOK

PAGE = "bibliography"
VENUES = ("journal", "booktitle", "publisher", "institution", "school")


def references() -> dict[str, Entry]:
    """The entries by key, in the order of a list of references: by authors, then by year."""
    entries = parse_file(str(BOOK / "references.bib"), bib_format="bibtex").entries
    order = sorted(entries, key=lambda key: (authors(entries[key]).casefold(), entries[key].fields["year"]))
    return {key: entries[key] for key in order}


def surname(person: Person) -> str:
    return " ".join([*person.prelast_names, *person.last_names])


def authors(entry: Entry) -> str:
    """All authors, surname first: “Glorot, X., Bengio, Y.”"""
    people = [
        (surname(person), *map(abbreviate, person.first_names + person.middle_names))
        for person in entry.persons["author"]
    ]
    names = [f"{last}, {' '.join(first)}" if first else last for last, *first in people]
    return ", ".join(names).replace(", others", " et al.")


def addresses(entry: Entry) -> dict[str, str]:
    """Where the text is, by what the link says."""
    found = {}
    if "eprint" in entry.fields:
        found[f"arXiv:{entry.fields['eprint']}"] = f"https://arxiv.org/abs/{entry.fields['eprint']}"
    if "doi" in entry.fields:
        found[f"doi:{entry.fields['doi']}"] = f"https://doi.org/{entry.fields['doi']}"
    if "url" in entry.fields:
        found[re.sub(r"^https?://(www\.)?|/.*", "", entry.fields["url"])] = entry.fields["url"]
    return found


class References(Directive):
    """`:::{references}`: the whole list."""

    def run(self):
        return [nodes.bullet_list("", *(item(key, entry) for key, entry in references().items()), classes=[PAGE])]


def item(key: str, entry: Entry) -> nodes.list_item:
    venue = next((entry.fields[name] for name in VENUES if name in entry.fields), "")
    text = nodes.inline("", f"{authors(entry)} ({entry.fields['year']}). ", classes=["language-en"])
    text += nodes.emphasis("", entry.fields["title"], classes=[f"language-{entry.fields.get('language', 'en')}"])
    text += nodes.Text(f". {venue}." if venue else ".")
    paragraph = nodes.paragraph("", "", text)
    for words, address in addresses(entry).items():
        paragraph += [nodes.Text(" "), nodes.reference("", words, refuri=address)]
    return nodes.list_item("", paragraph, ids=[key])


def setup(app):
    app.add_directive("references", References)
    app.connect("doctree-read", _note_citations)
    app.connect("doctree-resolved", _name_the_citing)


def _note_citations(app, doctree):
    links = [link for link in doctree.findall(addnodes.pending_xref) if link.get("reftarget") == PAGE]
    app.env.metadata[app.env.docname]["cites"] = sorted(
        {link["reftargetid"] for link in links if "reftargetid" in link}
    )


def _name_the_citing(app, doctree, docname):
    """Behind every entry the pages that cite it."""
    if docname != PAGE:
        return
    for entry in [node for node in doctree.findall(nodes.list_item) if PAGE in node.parent["classes"]]:
        citing = [page for page in app.env.metadata if entry["ids"][0] in app.env.metadata[page].get("cites", ())]
        if citing:
            line = nodes.inline("", f"{edition_of(app).catalogue['cited']} ", classes=["cited"])
            for number, page in enumerate(sorted(citing)):
                title = app.env.titles[page].astext()
                name = title.split()[0] if page[0].isdigit() else title
                address = app.builder.get_relative_uri(docname, page)
                line += [nodes.Text(", " if number else ""), nodes.reference("", name, refuri=address, internal=True)]
            entry[0] += [nodes.Text(" "), line]
