"""What the course is made with: every pin, its licence, and the bill of materials that goes with a release.

    python -m winit_book.supply

writes ``dist/winit-sbom.json`` (CycloneDX 1.6): all pins of ``requirements.txt`` with their hashes, and what lint and
tests take from npm. A package whose licence is neither permissive nor named below, and why, stops it.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from dataclasses import dataclass
from pathlib import Path

from .building.editions import stop

PERMISSIVE = frozenset(
    """
    MIT MIT-0 MIT-CMU 0BSD BSD BSD-2-Clause BSD-3-Clause Apache-2.0 ISC PSF-2.0 Zlib CC0-1.0
    """.split()
)
# As a package without an SPDX expression says it: in a classifier, else in the old field
SPELLINGS = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "BSD 3-Clause License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Not permissive, or not told by the package itself: what it is, and why the course may use it
NAMED = {
    "axe-core": ("MPL-2.0", "a test runs it on the pages; nothing of it is handed on"),
    "certifi": ("MPL-2.0", "a list of certificates for tools; used as it is and not handed on"),
    "codespell": ("GPL-2.0-only", "a program that lint starts; nothing of it is imported or handed on"),
    "docutils": ("BSD-2-Clause AND PSF-2.0", "public domain but for these; its Emacs mode alone is under the GPL"),
    "fqdn": ("MPL-2.0", "comes with JupyterLab; used as it is and not handed on"),
    "hypothesis": ("MPL-2.0", "tests import it; used as it is and not handed on"),
    "pathspec": ("MPL-2.0", "comes with mypy; used as it is and not handed on"),
}
# Pins that only another system or another Python installs, so that nothing here can tell
ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "overrides": "Apache-2.0",
    "pywin32": "PSF-2.0",
    "pywinpty": "MIT",
}
# Whose styles, scripts or letters are in the pages
HANDED_ON = "Sphinx pydata-sphinx-theme sphinx-book-theme Pygments myst-nb sphinx-proof sphinx-exercise ziamath".split()
HEAD = """\
The pages of this course are under the licences that the file LICENSE of its repository names. Their style sheet and two
of their scripts hold parts of the packages below, under these licences. Formulas are set in STIX Two Math, which comes
with ziamath: Copyright 2001-2020 The STIX Fonts Project Authors (https://github.com/stipub/stixfonts), under the SIL
Open Font License, Version 1.1 (https://scripts.sil.org/OFL); the pages hold the letters that they use."""
PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.!+]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?")
HASH = re.compile(r" +--hash=sha256:(?P<digest>[0-9a-f]{64})(?: \\)?")


@dataclass(frozen=True)
class Pin:
    """One line of a list of pinned requirements.

    Attributes
    ----------
    name, version : str
        Of the package.
    marker : str
        Where it is installed; empty for everywhere.
    hashes : tuple of str
        SHA-256 of every file that an index may hand out for it.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")


def read_pins(path: Path) -> list[Pin]:
    """The pins of a list that `make requirements` wrote, in its order.

    Raises
    ------
    ValueError
        Where a line is no pin, no hash and no comment.
    """
    pins: list[tuple[re.Match, list[str]]] = []
    for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
        if pin := PIN.fullmatch(line):
            pins.append((pin, []))
        elif digest := HASH.fullmatch(line):
            pins[-1][1].append(digest["digest"])
        elif not re.match(r"\s*(#|$)", line):
            raise ValueError(f"{path.name}, line {number}: neither a pin nor a hash: {line!r}")
    return [Pin(pin["name"], pin["version"], pin["marker"] or "", tuple(hashes)) for pin, hashes in pins]


def licence(name: str) -> str:
    """The licence of a package as an SPDX expression (`BSD` where it says no more); empty where nobody can tell."""
    if name in NAMED:
        return NAMED[name][0]
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    if expression := metadata.get("License-Expression"):
        return expression
    said = [text.split(" :: ")[-1] for text in metadata.get_all("Classifier", []) if text.startswith("License :: ")]
    said = said or [(metadata.get("License") or "").strip().split("\n")[0]]
    return " AND ".join(SPELLINGS.get(text, text) for text in said)


def permitted(name: str, expression: str) -> bool:
    """Whether the course, under MIT and CC BY, may use a package with this licence."""
    ways = re.split(r"\s+OR\s+", expression.replace("(", "").replace(")", ""))
    return name in NAMED or any(set(re.split(r"\s+AND\s+", way)) <= PERMISSIVE for way in ways)


def components(root: Path) -> list[dict]:
    """What goes into the bill: the pins of Python, and what `package-lock.json` pins."""
    found = [
        _component(
            "pypi", pin.name, pin.version, licence(pin.name), [{"alg": "SHA-256", "content": one} for one in pin.hashes]
        )
        for pin in read_pins(root / "requirements.txt")
    ]
    packages = json.loads((root / "package-lock.json").read_text("utf8"))["packages"]
    for path, package in packages.items():
        if path:
            found.append(
                _component(
                    "npm", path.removeprefix("node_modules/"), package["version"], package.get("license", ""), []
                )
            )
    return found


def _component(index: str, name: str, version: str, expression: str, hashes: list[dict]) -> dict:
    """A component of CycloneDX; every word of `expression` that SPDX knows makes it one, else it is a name."""
    told = {"expression": expression} if "BSD" not in expression.split() else {"license": {"name": expression}}
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:{index}/{name.replace('@', '%40')}@{version}",
        "licenses": [told],
        **({"hashes": hashes} if hashes else {}),
    }


def bill(root: Path) -> dict:
    """The bill of materials.

    Raises
    ------
    SystemExit
        With one line that names the packages whose licence nobody can tell, or whose licence the course may not use.
    """
    parts = components(root)
    told = {
        part["name"]: part["licenses"][0].get("expression") or part["licenses"][0]["license"]["name"] for part in parts
    }
    odd = [
        f"{name} ({expression or 'none told'})" for name, expression in told.items() if not permitted(name, expression)
    ]
    if odd:
        raise stop(f"a licence to look at, and to name in book/winit_book/supply.py: {', '.join(odd)}")
    from winit import __version__  # a build, which asks for `notices`, does without

    course = {"type": "application", "name": "winit", "version": __version__, "licenses": [{"expression": "MIT"}]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": course},
        "components": parts,
    }


def notices() -> str:
    """The licences of what a built site takes from others and hands on, for a file beside the pages."""
    parts = [HEAD]
    for name in HANDED_ON:
        package = importlib.metadata.distribution(name)
        files = [file for file in package.files or () if re.match(r"LICEN[CS]E(\.\w+)?$", file.name)]
        texts = [file.read_text(encoding="utf8").strip() for file in files if ".dist-info" in file.parts[0]]
        parts += [f"{package.name} {package.version}", *texts]
    return "\n\n".join(parts) + "\n"


def main(root: Path | None = None) -> None:
    root = root or Path.cwd()
    made = bill(root)
    target = root / "dist" / "winit-sbom.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(made, indent=1) + "\n", "utf8", newline="\n")
    print(
        f"{target.relative_to(root)}: {len(made['components'])} packages, each with a licence that the course may use"
    )


if __name__ == "__main__":
    main()
