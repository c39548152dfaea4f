"""A build as on a Korean Windows of old: cp949 wherever nobody says otherwise, Hangul and a space in the path, CRLF."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import tiny_book
from tiny_book import code, notebook, text

LOCALE = "ko_KR.CP949"
ARTICLE = "# 분산 – 가중치\n\n첫 문단 − ℓ.\n"


@pytest.fixture
def korean(tmp_path):
    """The variables of a process in that locale, which is made here."""
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "ko_KR", "-f", "CP949", str(tmp_path / LOCALE)], capture_output=True
    )
    if not (tmp_path / LOCALE).exists():
        pytest.skip(f"no sources of locales here (Debian, Ubuntu: apt-get install locales): {made and made.stderr}")
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONIOENCODING", "PYTHONUTF8")}
    return kept | {"LOCPATH": str(tmp_path), "LC_ALL": LOCALE, "PYTHONUTF8": "0"}


def test_a_build_under_a_korean_code_page(korean, tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "새 폴더".encode("cp949")))
    folder.mkdir()
    chapter = notebook(text("# 시작 – 1\n\n본문."), code("print('분산 σ² − ✓')"))
    book = tiny_book.write(folder, {language: {"index": ARTICLE, "01_a": chapter} for language in ("ko", "en")})
    for path in [*book.rglob("*.py"), *book.rglob("*.yml"), *book.rglob("*.md"), *book.rglob("*.js")]:
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    environment = korean | {"PYTHONPATH": tiny_book.environment(book)["PYTHONPATH"]}
    run = subprocess.run(tiny_book.COMMAND, cwd=book, env=environment, stdout=-1, stderr=-2, timeout=900)
    assert run.returncode == 0, run.stdout.decode("cp949", "replace")[-3000:]
    assert "본문" in (book / "_build/html/ko/01_a.html").read_text("utf8")
    assert "분산 σ² − ✓" in (book / "_build/html/ko/01_a.html").read_text("utf8")
    assert "첫 문단 − ℓ" in (book / "_build/html/ko/index.html").read_text("utf8")
