"""What goes wrong around a build: a full disk, a damaged cache, a build that is killed, a second one at once."""

import errno
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
import tiny_book
from tiny_book import code, notebook, text
from winit_book.building import alone, execution, remote, site
from winit_book.building.editions import read_editions
from winit_book.paths import BOOK

PAGES = {
    language: {"index": "# A\n\nWords.\n", "01_a": notebook(text("# A"), code("1 + 1"))} for language in ("en", "ko")
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book with an old site, and two editions in their stages."""
    book = tiny_book.write(tmp_path, PAGES)
    (book / "_build/html").mkdir(parents=True)
    (book / "_build/html/index.html").write_text("the old site", "utf8")
    for language in PAGES:
        stage = book / "_build/.stage" / language / "html"
        stage.mkdir(parents=True)
        (stage / "index.html").write_text(language, "utf8")
    monkeypatch.setattr(site, "fill_cache", lambda root, notebooks: None)
    monkeypatch.setattr(site, "_run", lambda edition: [])
    monkeypatch.setattr(site, "card", lambda root: [])
    monkeypatch.setattr(site.sheet, "write", lambda *args: None)
    return book


class Templates:
    def render(self, template, words):
        return template


def replace(book):
    """What a build does when the editions are there."""
    site.build(SimpleNamespace(srcdir=book, _warncount=0, builder=SimpleNamespace(templates=Templates())), None)


def old_site_stands(book):
    assert (book / "_build/html/index.html").read_text("utf8") == "the old site"
    assert not (book / "_build/.new").exists() and not (book / "_build/.old").exists()


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device", "_build/.new/en/index.html")


def test_a_new_site_takes_the_place_of_the_old_one(book):
    replace(book)
    assert (book / "_build/html/ko/index.html").read_text("utf8") == "ko"
    assert not (book / "_build/.new").exists() and not (book / "_build/.old").exists()


PLACES = ["shutil.copytree", "shutil.copyfile", "shutil.copy", "pathlib.Path.write_text"]


@pytest.mark.parametrize("place", [*PLACES, "winit_book.building.site.fill_cache"])
def test_a_full_disk_is_one_line_and_the_old_site_stands(book, monkeypatch, place):
    editions = read_editions(book)
    monkeypatch.setattr(site, "read_editions", lambda root: editions)
    with monkeypatch.context() as disk, pytest.raises(SystemExit) as stopped:
        disk.setattr(place, full)
        replace(book)
    (line,) = str(stopped.value).strip().splitlines()
    assert line.startswith("winit: the build broke off: ") and line.endswith("; the old site stands")
    assert "No space left on device" in line
    old_site_stands(book)


def test_where_the_new_site_cannot_take_its_place_the_old_one_comes_back(book, monkeypatch):
    rename = type(book).rename

    def refuse(path, target):
        return full() if path.name == ".new" else rename(path, target)

    monkeypatch.setattr(type(book), "rename", refuse)
    with pytest.raises(SystemExit, match="the old site stands"):
        replace(book)
    old_site_stands(book)


def test_killed_between_the_old_site_and_the_new_one(book):
    """There is no other moment at which the old site is not in its place; the next build puts it back."""
    (book / "_build/html").rename(book / "_build/.old")
    site.take_back(book)
    old_site_stands(book)
    site.take_back(book)
    old_site_stands(book)


HOLDER = """
import subprocess, sys, time
from pathlib import Path
from winit_book.building.alone import heirs, wait_for_others

wait_for_others(Path(sys.argv[1]))
print("taken", flush=True)
if sys.argv[2:]:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(float({!r}))".format(sys.argv[2])], **heirs())
else:
    sys.stdin.read()
"""


def build(book, *seconds):
    command = [sys.executable, "-c", HOLDER, book, *map(str, seconds)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf8"}
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(BOOK)}, **pipes)


def test_a_second_build_waits_and_says_so(tmp_path):
    with build(tmp_path) as first, build(tmp_path) as other:
        told = {process: process.stdout.readline() for process in (first, other)}
        if told[first] != "taken\n":
            first, other = other, first
        assert told[first] == "taken\n" and told[other] == "\n"
        assert (
            other.stdout.readline()
            == "another build is at work in this folder; this one goes on when it has ended ...\n"
        )
        first.kill()
        assert other.stdout.readline() == "taken\n"
        other.stdin.close()


def test_where_nothing_can_be_written_one_line_says_so(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, "Read-only file system", "_build")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(
        SystemExit, match=r"^\nwinit: nothing can be written into _build \(Read-only file system\); .*copy"
    ):
        alone.wait_for_others(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows hands no lock on")
def test_a_build_waits_for_what_a_killed_one_has_left_running(tmp_path):
    start = time.monotonic()
    with build(tmp_path, 1.5) as killed:
        assert killed.stdout.readline() == "taken\n"
    with build(tmp_path) as other:
        assert other.stdout.readline() == "\n" and "another build" in other.stdout.readline()
        assert other.stdout.readline() == "taken\n"
        assert time.monotonic() - start > 1.5
        other.stdin.close()


@pytest.fixture
def runs(monkeypatch):
    """The notebooks that are executed; nothing really runs."""
    ran = []
    monkeypatch.setattr(execution, "execute", lambda notebook, path, forms: ran.append(path.stem) or 0.1)
    return ran


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil(path):
    path.write_bytes(b"\xb0garbage\x00" * 500)


def lose(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "file, harm",
    [("global.db", cut), ("global.db", spoil), ("global.db", empty), ("base.ipynb", cut), ("base.ipynb", lose)],
)
def test_what_is_damaged_in_the_cache_is_executed_anew(book, runs, capsys, file, harm):
    notebooks = [book / "chapters/en/01_a.ipynb"]
    for _ in range(2):
        execution.fill_cache(book, notebooks)
    assert runs == ["01_a"], "what is whole is not executed twice"
    (path,) = (book / "_build/.cache").rglob(file)
    harm(path)
    capsys.readouterr()
    for _ in range(2):
        execution.fill_cache(book, notebooks)
    assert runs == ["01_a"] * 2
    assert len(capsys.readouterr().out.splitlines()) <= 3
    cache = execution.get_cache(execution.cache_path(book))
    (record,) = cache.list_cache_records()
    assert cache.get_cache_bundle(record.pk).nb.cells


def test_a_merge_that_nobody_resolved_stops_a_build_in_one_line(book):
    path = book / "chapters/ko/01_a.ipynb"
    path.write_text(path.read_text("utf8").replace('"cells"', '<<<<<<< HEAD\n "cells"'), "utf8")
    for check in (site.check_code, site.require_sound):
        with pytest.raises(SystemExit) as stopped:
            check(read_editions(book)[1:] if check is site.require_sound else read_editions(book))
        (line,) = str(stopped.value).strip().splitlines()
        assert line.startswith("winit: chapters/ko/01_a.ipynb is no notebook: ")


def test_git_may_speak_any_language(tmp_path, monkeypatch):
    """A Korean git under cp949: its messages are no UTF-8, and are not needed."""
    git = tmp_path / "git"
    git.write_text("#!/bin/sh\nprintf 'fatal: \\261\\342\\n' >&2\nexit 2\n", "utf8")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert remote.git(tmp_path, "status").returncode == 2 or os.name == "nt"
    assert remote.github(tmp_path) is None and remote.launched(tmp_path) is None
