"""What was made of what, in fingerprints: what has not changed is not made again.

Files count by what is in them, whatever their dates say. Nothing that is slow to import is needed to look.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from functools import cache
from pathlib import Path

from .remote import github, launched

# what decides how a page is read; how it is written, once it is read; what else the site is made of
READ = ("_config.yml", "_toc.yml", "book/*.*", "book/catalogue/*", "book/winit_book/**/*", "winit/**/*")
WRITTEN = ("book/assets/**/*", "book/templates/**/*")
ELSE = ("book/shared/*", "book/styles/*", "chapters/**/*")


def digest(root: Path, *patterns: str) -> str:
    """Fingerprint of the files that match, but for hidden ones, and of every installed version."""
    content = hashlib.sha256("\n".join(versions()).encode())
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            parts = path.relative_to(root).parts
            if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
                content.update(f"{'/'.join(parts)}\0{path.stat().st_size}\0".encode())
                content.update(path.read_bytes())
    return content.hexdigest()[:16]


@cache
def versions() -> list[str]:
    """Of Python and of everything that is installed."""
    installed = importlib.metadata.distributions()
    return [platform.python_version(), *sorted(f"{found.name}=={found.version}" for found in installed)]


def sources_of_edition(root: Path, language: str) -> dict[str, str]:
    """Fingerprints of what an edition is made of, by what has to be done where they change."""
    remote = f"{github(root)} {bool(launched(root))}"
    return {
        "read": f"{digest(root, *READ)} {remote}",
        "written": digest(root, *WRITTEN),
        "pages": digest(root, f"chapters/{language}/**/*"),
    }


def sources_of_site(root: Path) -> dict[str, str]:
    return {"all": f"{digest(root, *READ, *WRITTEN, *ELSE)} {github(root)} {bool(launched(root))}"}


def remembered(folder: Path) -> dict[str, str]:
    """What `remember` noted of a folder; nothing where it was not made to its end."""
    try:
        return json.loads(_note(folder).read_text("utf8"))
    except (FileNotFoundError, ValueError):
        return {}


def stands(folder: Path, sources: dict[str, str]) -> bool:
    """Whether nothing has changed since: neither the sources nor a file of the folder."""
    before = remembered(folder)
    return bool(before) and before == sources | {"files": digest(folder, "**/*")}


def remember(folder: Path, sources: dict[str, str]) -> None:
    """Note of what a folder was made, and what is in it."""
    _note(folder).write_text(json.dumps(sources | {"files": digest(folder, "**/*")}), "utf8")


def forget(folder: Path) -> None:
    _note(folder).unlink(missing_ok=True)


def _note(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.json")


def setup(app):
    app.connect("env-get-outdated", _changed)


def _changed(app, env, added, changed, removed):
    """Read the pages whose file holds something else than when it was read; Sphinx goes by dates."""
    before = getattr(env, "read_from", {})
    env.read_from = {page: hashlib.sha256(Path(env.doc2path(page)).read_bytes()).hexdigest() for page in env.found_docs}
    known = {page for page, content in env.read_from.items() if content == before.get(page)}
    known &= {path.stem for path in Path(env.doctreedir).glob("*.doctree")}
    changed -= known
    return env.found_docs - known
