"""Builds of a tiny book that are killed or started twice: the old site stays whole, and the next build works."""

import subprocess
import threading

import pytest
import tiny_book
from tiny_book import code, notebook, text

MOMENTS = 10


@pytest.fixture
def book(tmp_path):
    chapter = notebook(text("# A\n\nOne paragraph."), code("import winit\n\nwinit.fans((3, 2))"))
    return tiny_book.write(tmp_path, {name: {"index": "# A\n\nWords.\n", "01_a": chapter} for name in ("en", "ko")})


def start(book):
    return subprocess.Popen(
        tiny_book.COMMAND, cwd=book, env=tiny_book.environment(book), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def whole(book):
    site = book / "_build/html"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_a_build_killed_at_any_moment_leaves_the_old_site_whole(book):
    lines = tiny_book.build(book).stdout.splitlines()
    site, before, told = book / "_build/html", whole(book), len(lines)
    for moment in range(MOMENTS):
        page = book / "chapters/en/index.md"
        page.write_text(f"# A\n\nOther words, {moment}.\n", "utf8")
        with start(book) as process:
            for _ in range(told * moment // MOMENTS):
                process.stdout.readline()
            process.kill()
        now = whole(book)
        if now != before:  # killed after all: the new one, then, and nothing in between
            assert now.keys() == before.keys() and f"Other words, {moment}.".encode() in now["en/index.html"]
        before = now
    result = tiny_book.build(book)
    assert result.returncode == 0, result.stdout
    assert f"Other words, {MOMENTS - 1}." in (site / "en/index.html").read_text("utf8")
    assert {path.name for path in (book / "_build").iterdir()} >= {"html"}
    assert not (book / "_build/.new").exists() and not (book / "_build/.old").exists()


def test_two_builds_at_once_both_end_well(book):
    results = []
    both = [threading.Thread(target=lambda: results.append(tiny_book.build(book))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [result.returncode for result in results] == [0, 0]
    said = [result.stdout.count("another build is at work in this folder") for result in results]
    executed = [result.stdout.count("executed chapters/") for result in results]
    assert sorted(said) == sorted(executed) == [0, 1] and said != executed
