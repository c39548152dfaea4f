"""The branch `launch`, from which Binder and Colab take the chapters: what was released, not what was pushed last.

    python -m winit_book.launch [--repository OWNER/NAME]

adds a commit to the local branch: HEAD without the exam, with a cell at the head of every chapter that installs this
version of `winit` where another or none is found, as on Colab. Its parents are what was launched before and HEAD:
whoever has pulled the branch, into however shallow a clone, can pull again and keeps what was written into the
notebooks. Nothing else of the working tree, the index or `main` is touched; a release pushes the branch: ``git push
origin launch``. It is also the extension that turns the launch buttons to it.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path
from urllib.parse import urlencode

import nbformat

from .building.editions import read_editions, stop
from .building.remote import BRANCH, github, launched
from .building.remote import git as said_by_git

GIT_PULL = "https://HUB/hub/user-redirect/git-pull"  # nbgitpuller on a JupyterHub; a teacher knows which
INSTALL = """\
import sys

try:
    from winit import __version__ as found
except Exception:  # none, or one that the other packages here are too new for
    found = None
if found != "{version}":
    %pip install --quiet --upgrade --no-deps git+https://github.com/{owner}/{name}@{commit}
    for name in [name for name in sys.modules if name.split(".")[0] == "winit"]:
        del sys.modules[name]"""


def setup(app):
    app.connect("html-page-context", _turn_buttons, priority=900)  # after the theme has made them


def _turn_buttons(app, pagename, templatename, context, doctree):
    for button in context.get("header_buttons", []):
        for link in button.get("buttons", []):
            for service in ("mybinder.org/", "colab.research.google.com/"):
                if service in link.get("url", ""):
                    link["url"] = on_branch(link["url"])


def on_branch(url: str) -> str:
    """The address of a launch service, with our branch in the place of main."""
    return url.replace("/main?", f"/{BRANCH}?").replace("/blob/main/", f"/blob/{BRANCH}/")


def git_pull(owner: str, name: str, path: str) -> str:
    """The link that brings the repository, as launched, to whoever opens it on a hub, and opens one of its files.

    Examples
    --------
    >>> git_pull("some-one", "course", "chapters/en/01.ipynb").partition("?")[2]
    'repo=https://github.com/some-one/course&branch=launch&urlpath=lab/tree/course/chapters/en/01.ipynb'
    """
    query = {"repo": f"https://github.com/{owner}/{name}", "branch": BRANCH, "urlpath": f"lab/tree/{name}/{path}"}
    return f"{GIT_PULL}?{urlencode(query, safe=':/')}"


def with_install_cell(notebook, **names: str):
    """The notebook with the cell that Colab needs, below its title; `names` fill it in."""
    cell = nbformat.v4.new_code_cell(INSTALL.format(**names), id="install")
    cell.metadata = {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
    notebook.cells.insert(1, cell)
    return notebook


def make_branch(root: Path, owner: str, name: str) -> str:
    """Add a commit to the branch, unless it would change nothing, and return the hash of its last one."""

    def git(*command, **environment):
        run = said_by_git(root, *command, **environment)
        if run.returncode:
            raise stop(f"git {command[0]}: {run.stderr.strip()}")
        return run.stdout.strip()

    head = git("rev-parse", "HEAD")
    if git("status", "--porcelain"):
        raise stop("there are changes that are not committed; the branch is made from a commit")
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}  # not the one of the working tree
        git("read-tree", head, **index)
        names = {"owner": owner, "name": name, "commit": head, "version": version(root)}
        for edition in read_editions(root):
            for path in edition.notebooks:
                notebook = with_install_cell(nbformat.read(path, as_version=4), **names)
                file = Path(folder) / path.name
                file.write_text(nbformat.writes(notebook) + "\n", "utf8")
                blob = git("hash-object", "-w", str(file))
                git("update-index", "--cacheinfo", f"100644,{blob},{path.relative_to(root).as_posix()}", **index)
            for path in edition.exam:
                git("update-index", "--force-remove", path.relative_to(root).as_posix(), **index)
        tree = git("write-tree", **index)
    before = launched(root)
    if before and git("rev-parse", f"{before}^{{tree}}") == tree:
        git("branch", "--force", BRANCH, before)
        return before
    parents = [word for parent in (before, head) if parent for word in ("-p", parent)]
    commit = git("commit-tree", tree, *parents, "-m", f"Chapters to launch, from {head[:12]}")
    git("branch", "--force", BRANCH, commit)
    return commit


def version(root: Path) -> str:
    """Of the `winit` in this tree."""
    return re.search(r'^__version__ = "(.+)"', (root / "winit" / "__init__.py").read_text("utf8"), re.MULTILINE)[1]


def main(arguments: list[str] | None = None, root: Path | None = None) -> None:
    parser = argparse.ArgumentParser(prog="winit_book.launch", description=__doc__.splitlines()[0])
    parser.add_argument("--repository", metavar="OWNER/NAME", help="on GitHub; by default where `origin` points")
    options = parser.parse_args(arguments)
    root = root or Path.cwd()
    owner, _, name = (options.repository or "/".join(github(root) or ())).partition("/")
    if not owner or not name:
        raise stop("no repository on GitHub: set the remote `origin`, or pass --repository OWNER/NAME")
    commit = make_branch(root, owner, name)
    print(f"{BRANCH} is at {commit[:12]}; to release it: git push origin {BRANCH}")


if __name__ == "__main__":
    main()
