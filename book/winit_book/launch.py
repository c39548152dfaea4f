"""The branch `launch`, from which Binder and Colab take the chapters: what was released, not what was pushed last.

    python -m winit_book.launch [--repository OWNER/NAME]

makes (or moves) the local branch to one commit on top of HEAD, in which every chapter begins with a cell that installs
`winit` where it is missing, as on Colab. Nothing else of the working tree, the index or `main` is touched; a release
pushes the branch: ``git push --force origin launch``. It is also the extension that turns the launch buttons to it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlencode

import nbformat

from .building.editions import read_editions, stop
from .building.remote import github

BRANCH = "launch"
GIT_PULL = "https://HUB/hub/user-redirect/git-pull"  # nbgitpuller on a JupyterHub; a teacher knows which
INSTALL = """\
import importlib.util

if importlib.util.find_spec("winit") is None:
    %pip install --quiet --no-deps git+https://github.com/{owner}/{name}@{commit}"""


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


def with_install_cell(notebook, owner: str, name: str, commit: str):
    """The notebook with the cell that Colab needs, below its title."""
    cell = nbformat.v4.new_code_cell(INSTALL.format(owner=owner, name=name, commit=commit), id="install")
    cell.metadata = {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
    notebook.cells.insert(1, cell)
    return notebook


def make_branch(root: Path, owner: str, name: str) -> str:
    """Point the branch to a new commit, and return its hash."""

    def git(*command, **environment):
        run = subprocess.run(
            ["git", "-C", str(root), *command], env=os.environ | environment, capture_output=True, text=True
        )
        if run.returncode:
            raise stop(f"git {command[0]}: {run.stderr.strip()}")
        return run.stdout.strip()

    head = git("rev-parse", "HEAD")
    if git("status", "--porcelain"):
        raise stop("there are changes that are not committed; the branch is made from a commit")
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}  # not the one of the working tree
        git("read-tree", head, **index)
        for edition in read_editions(root):
            for path in edition.notebooks:
                notebook = with_install_cell(nbformat.read(path, as_version=4), owner, name, head)
                file = Path(folder) / path.name
                file.write_text(nbformat.writes(notebook) + "\n", "utf8")
                blob = git("hash-object", "-w", str(file))
                git("update-index", "--cacheinfo", f"100644,{blob},{path.relative_to(root).as_posix()}", **index)
        tree = git("write-tree", **index)
    commit = git("commit-tree", tree, "-p", head, "-m", f"Chapters to launch, from {head[:12]}")
    git("branch", "--force", BRANCH, commit)
    return commit


def main(arguments: list[str] | None = None, root: Path | None = None) -> None:
    parser = argparse.ArgumentParser(prog="winit_book.launch", description=__doc__.splitlines()[0])
    parser.add_argument("--repository", metavar="OWNER/NAME", help="on GitHub; by default where `origin` points")
    options = parser.parse_args(arguments)
    root = root or Path.cwd()
    owner, _, name = (options.repository or "/".join(github(root) or ())).partition("/")
    if not owner or not name:
        raise stop("no repository on GitHub: set the remote `origin`, or pass --repository OWNER/NAME")
    commit = make_branch(root, owner, name)
    print(f"{BRANCH} is at {commit[:12]}; to release it: git push --force origin {BRANCH}")


if __name__ == "__main__":
    main()
