"""The editions of the course: one folder and one catalogue each, and the parts of `_toc.yml` that list its pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..paths import read_yaml

REFERENCE = "en"  # the edition whose catalogue says which keys there are
EXAM = "exam.ipynb"  # beside the pages of an edition: on no page, in no set for students


def stop(message: str) -> SystemExit:
    """What ends a build that cannot go on: one line on stderr, exit code 1, no traceback."""
    return SystemExit(f"\nwinit: {message}")


def named(path: Path) -> str:
    """A page as messages name it: ``chapters/en/01_a.ipynb``."""
    return "/".join(path.parts[-3:])


@dataclass(frozen=True)
class Edition:
    """One language of the course.

    Attributes
    ----------
    language : str
        Its code, the name of its folder below ``chapters``.
    pages : tuple of str
        Page names in reading order, ``index`` first, without folder and suffix.
    sources : tuple of Path
        The file of each page.
    parts : tuple of (str, tuple of str)
        The parts of the course as the sidebar names them, each with its pages; `index` stands before all parts.
    catalogue : dict
        What the pages say in this language beside the chapters (``book/catalogue/<language>.yml``).
    """

    language: str
    pages: tuple[str, ...]
    sources: tuple[Path, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    catalogue: dict[str, Any]

    @property
    def notebooks(self) -> list[Path]:
        return [source for source in self.sources if source.suffix == ".ipynb"]

    @property
    def exam(self) -> list[Path]:
        """The notebook with the exam, which is for teachers and no page; empty in a course without one."""
        return [path for path in (self.sources[0].with_name(EXAM),) if path.exists()]

    def source(self, page: str) -> Path:
        return self.sources[self.pages.index(page)]

    def toc(self) -> dict[str, Any]:
        """The table of contents of this edition alone, for its own build."""
        parts = [{"caption": name, "chapters": [{"file": page} for page in pages]} for name, pages in self.parts]
        return {"format": "jb-book", "root": "index", "parts": parts}


def read_editions(root: Path) -> list[Edition]:
    """Read and check all editions of the repository at `root`.

    Raises
    ------
    SystemExit
        With one line that names the file, when the editions do not hold the same pages, a file or a
        catalogue is missing, or a catalogue lacks a key.
    """
    toc_path = root / "_toc.yml"
    parts = (read_yaml(toc_path) or {}).get("parts") or []
    listed: dict[str, list[tuple[str, list[str]]]] = {}
    for part in parts:
        files = [Path(file) for file in _files(part)]
        languages = {file.parts[1] for file in files if file.parts[0] == "chapters" and len(file.parts) == 3}
        if len(languages) != 1 or any(len(file.parts) != 3 for file in files):
            raise stop(f"_toc.yml: the part {part.get('caption')!r} must list files of one folder chapters/<language>")
        listed.setdefault(languages.pop(), []).append((part["caption"], [file.name for file in files]))
    pages = {language: [name for _, names in parts for name in names] for language, parts in listed.items()}
    if REFERENCE not in pages:
        raise stop(f"_toc.yml: no part lists chapters/{REFERENCE}, the edition the others are checked against")

    catalogues = {language: _catalogue(root, language) for language in pages}
    for language, names in pages.items():
        _check_pages(language, names, pages[REFERENCE])
        _check_parts(language, listed[language], listed[REFERENCE])
        _check_keys(language, catalogues[language], catalogues[REFERENCE])
    for language, names in pages.items():
        _check_strays(root, language, names)
    _check_exams(root, list(pages))
    return [
        Edition(
            language,
            tuple(names),
            tuple(_source(root, language, name) for name in names),
            _parts(listed[language]),
            catalogues[language],
        )
        for language, names in pages.items()
    ]


def edition_of(app) -> Edition:
    """The edition that is being built; its build is a process of its own."""
    return next(edition for edition in all_editions(app) if edition.language == app.config.edition)


def all_editions(app) -> list[Edition]:
    """All editions, in the process that builds one of them."""
    return _read_once(Path(app.srcdir).parents[1])


_read_once = cache(read_editions)


def _files(node: Any) -> list[str]:
    """Every ``file`` below a node of the toc, in order."""
    if isinstance(node, list):
        return [file for child in node for file in _files(child)]
    if isinstance(node, dict):
        own = [node["file"]] if "file" in node else []
        return own + [file for child in node.values() for file in _files(child)]
    return []


def _check_pages(language: str, names: list[str], reference: list[str]) -> None:
    if names[0] != "index":
        raise stop(f"_toc.yml: chapters/{language}/index must come first in its first part")
    for name in [*reference, *names]:
        if name not in names:
            raise stop(f"_toc.yml: chapters/{language}/{name} is missing; chapters/{REFERENCE}/{name} is listed")
        if name not in reference:
            raise stop(f"_toc.yml: chapters/{REFERENCE}/{name} is missing; chapters/{language}/{name} is listed")
    if names != reference:
        raise stop(f"_toc.yml: chapters/{language} and chapters/{REFERENCE} list their pages in a different order")


def _parts(listed: list[tuple[str, list[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parts without `index`, which stands before all of them."""
    parts = ((caption, tuple(name for name in names if name != "index")) for caption, names in listed)
    return tuple((caption, names) for caption, names in parts if names)


def _check_parts(language: str, parts: list[tuple[str, list[str]]], reference: list[tuple[str, list[str]]]) -> None:
    for (caption, names), (other, others) in zip(parts, reference):
        if len(names) != len(others):
            raise stop(f"_toc.yml: the parts {caption!r} and {other!r} end with different pages")


def _check_strays(root: Path, language: str, names: list[str]) -> None:
    listed = {_source(root, language, name).name for name in names} | {EXAM}
    files = {path.name for path in (root / "chapters" / language).iterdir() if path.suffix in (".ipynb", ".md")}
    for name in sorted(files - listed):
        raise stop(f"chapters/{language}/{name} is not listed in _toc.yml")


def _check_exams(root: Path, languages: list[str]) -> None:
    exams = {language: (root / "chapters" / language / EXAM).exists() for language in languages}
    for language, there in exams.items():
        if any(exams.values()) and not there:
            raise stop(f"chapters/{language}/{EXAM} is missing; another edition has one")


def _source(root: Path, language: str, name: str) -> Path:
    for suffix in (".ipynb", ".md"):
        path = root / "chapters" / language / (name + suffix)
        if path.exists():
            return path
    raise stop(f"chapters/{language}/{name} (.ipynb or .md) is listed in _toc.yml, but there is no such file")


def _catalogue(root: Path, language: str) -> dict[str, Any]:
    path = root / "book" / "catalogue" / f"{language}.yml"
    if not path.exists():
        known = ", ".join(sorted(other.stem for other in path.parent.glob("*.yml")))
        raise stop(f"_toc.yml: unknown edition {language!r}: no book/catalogue/{language}.yml; there are {known}")
    return read_yaml(path)


def _check_keys(language: str, catalogue: dict, reference: dict, path: str = "") -> None:
    """Every key of the reference is there; `theme` holds gettext strings, which fall back to English."""
    for key, value in reference.items():
        if key == "theme":
            continue
        if catalogue.get(key) in (None, ""):
            raise stop(f"book/catalogue/{language}.yml: no translation for {path}{key!r} (English: {value!r})")
        if isinstance(value, dict):
            _check_keys(language, catalogue[key], value, f"{path}{key!r} → ")
