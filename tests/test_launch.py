"""The branch that Binder and Colab open: the chapters of a commit, each with a cell that installs what is missing."""

import json
import subprocess
import sys

import pytest
import tiny_book
from tiny_book import code, notebook, text
from winit_book import launch
from winit_book.paths import ROOT

import winit


def git(book, *command):
    return subprocess.run(
        ["git", "-C", str(book), *command], check=True, capture_output=True, text=True, encoding="utf8"
    ).stdout.strip()


@pytest.fixture
def book(tmp_path):
    pages = {
        language: {"index": "# Title\n\nWords.\n", "01_a": notebook(text("# A\n\nWords."), code("1 + 1"))}
        for language in ("en", "ko")
    }
    for contents in pages.values():
        contents["exam"] = notebook(text("# Exam"))
    book = tiny_book.write(tmp_path, pages)
    tiny_book.write_toc(book, {language: ["index", "01_a"] for language in pages})
    git(book, "init", "--quiet", "--initial-branch=main")
    git(book, "config", "user.name", "someone")
    git(book, "config", "user.email", "someone@example.org")
    git(book, "add", "--all")
    git(book, "commit", "--quiet", "--message", "A book")
    return book


def cells(book, revision, language="ko"):
    return json.loads(git(book, "show", f"{revision}:chapters/{language}/01_a.ipynb"))["cells"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_chapter_installs_what_is_missing(book, language):
    head = git(book, "rev-parse", "HEAD")
    launch.main(["--repository", "some-one/course"], root=book)
    title, install, *rest = cells(book, "launch", language)
    source = "".join(install["source"])
    assert f"git+https://github.com/some-one/course@{head}" in source and f'found != "{winit.__version__}"' in source
    assert install["metadata"]["jupyter"]["source_hidden"]
    assert [title, *rest] == cells(book, "main", language)
    assert git(book, "rev-parse", "launch^") == head
    changed = git(book, "diff", "--name-only", "--diff-filter=M", "main", "launch").splitlines()
    assert changed == ["chapters/en/01_a.ipynb", "chapters/ko/01_a.ipynb"]


def test_the_exam_is_not_launched(book):
    launch.main(["--repository", "some-one/course"], root=book)
    gone = git(book, "diff", "--name-only", "--diff-filter=AD", "main", "launch").splitlines()
    assert gone == ["chapters/en/exam.ipynb", "chapters/ko/exam.ipynb"]
    assert "exam" not in git(book, "ls-tree", "-r", "--name-only", "launch")
    assert (book / "chapters/en/exam.ipynb").exists()


def test_main_and_the_working_tree_stay_as_they_are(book):
    head = git(book, "rev-parse", "HEAD")
    for _ in range(2):
        launch.main(["--repository", "some-one/course"], root=book)
    assert git(book, "rev-parse", "main") == head and git(book, "branch", "--show-current") == "main"
    assert not git(book, "status", "--porcelain")


def test_launches_follow_each_other(book, tmp_path_factory):
    """A student's shallow clone takes the next release and keeps a notebook of its own; nothing new is no commit."""
    launch.main(["--repository", "some-one/course"], root=book)
    first = git(book, "rev-parse", "launch")
    launch.main(["--repository", "some-one/course"], root=book)
    assert git(book, "rev-parse", "launch") == first

    clone = tmp_path_factory.mktemp("student") / "clone"
    git(book, "clone", "--quiet", "--depth=1", "--branch=launch", book.as_uri(), str(clone))
    git(clone, "config", "user.name", "student")
    git(clone, "config", "user.email", "student@example.org")
    own = clone / "chapters/en/my_answers.md"
    own.write_text("42\n", "utf8")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "My answers")

    (book / "chapters/en/index.md").write_text("# Title\n\nOther words.\n", "utf8")
    git(book, "commit", "--quiet", "--all", "--message", "Other words")
    launch.main(["--repository", "some-one/course"], root=book)
    assert git(book, "rev-parse", "launch^1", "launch^2").split() == [first, git(book, "rev-parse", "main")]
    git(clone, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "launch")
    assert own.read_text("utf8") == "42\n" and "Other words" in (clone / "chapters/en/index.md").read_text("utf8")


def test_only_a_commit_is_launched(book, capsys):
    (book / "chapters/ko/index.md").write_text("# other\n", "utf8")
    with pytest.raises(SystemExit, match="not committed"):
        launch.main(["--repository", "some-one/course"], root=book)


@pytest.mark.parametrize("repository", [[], ["--repository", "course"]])
def test_without_a_repository(book, repository):
    with pytest.raises(SystemExit, match="OWNER/NAME"):
        launch.main(repository, root=book)


@pytest.mark.parametrize(
    "url, turned",
    [
        ("https://mybinder.org/v2/gh/a/b/main?urlpath=lab", "https://mybinder.org/v2/gh/a/b/launch?urlpath=lab"),
        (
            "https://colab.research.google.com/github/a/b/blob/main/c.ipynb",
            "https://colab.research.google.com/github/a/b/blob/launch/c.ipynb",
        ),
    ],
)
def test_the_address_of_a_service(url, turned):
    assert launch.on_branch(url) == turned


@pytest.mark.parametrize("there", ["an old one", "one that cannot be imported", "none", "this one"])
def test_the_first_cell_gets_this_version_where_a_hub_kept_another(tmp_path, there):
    """A folder that outlives a hub's kernels comes first on the path; what pip puts there is what a chapter imports."""
    kept, asked = tmp_path / "kept", tmp_path / "asked"
    (kept / "winit").mkdir(parents=True)
    version = {"an old one": "0.0.1", "this one": winit.__version__}.get(there)
    body = f"__version__ = {version!r}\nfrom . import lookup" if version else "import numpy\nnumpy.gone_since_long()"
    (kept / "winit/__init__.py").write_text(body, "utf8")
    (kept / "winit/lookup.py").write_text("", "utf8")
    hidden = 'sys.modules["winit"] = None' if there == "none" else ""  # as if it could not be found
    cell = launch.INSTALL.format(version=winit.__version__, owner="some-one", name="course", commit="0" * 40)
    script = f"""
import shutil, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell

sys.path[:0] = [{str(kept)!r}]
{hidden}
shell = InteractiveShell()


def pip(line):  # as pip does with --target and --upgrade
    assert "--upgrade" in line and "--no-deps" in line
    Path({str(asked)!r}).touch()
    shutil.rmtree({str(kept / "winit")!r}, ignore_errors=True)
    shutil.copytree({str(ROOT / "winit")!r}, {str(kept / "winit")!r})


shell.register_magic_function(pip)
shell.run_cell({cell!r}).raise_error()
shell.run_cell("import winit; print(winit.__version__, winit.__file__)").raise_error()
"""
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, encoding="utf8")
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [winit.__version__, str(kept / "winit/__init__.py")]
    assert asked.exists() == (there != "this one")
