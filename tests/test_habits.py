"""What the repository promises to those who work in it: commands and files that exist, one version, line ends."""

import ast
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import warnings

import pytest
import yaml
from winit_book.check import outside
from winit_book.paths import ROOT

import winit

PAPERS = ["README.md", "README.ko.md", "CONTRIBUTING.md", "tests/README.md", ".github/pull_request_template.md"]
FOLDERS = "book|tests|winit|chapters|benchmarks|binder|[.]github|[.]ci"
MAKEFILE = (ROOT / "Makefile").read_text("utf8")


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_named_exists(paper):
    text = (ROOT / paper).read_text("utf8")
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets
    paths = set(re.findall(rf"(?<![\w./-])(?:{FOLDERS})/[\w./*-]*\w(?![\w<])", text))
    assert not [path for path in paths if not list(ROOT.glob(path))]


def test_make_says_what_it_can_do():
    explained = set(re.findall(r"^# make ([a-z-]+)", MAKEFILE, re.MULTILINE)) - {"help"}
    assert explained <= set(re.search(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)[1].split())


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_a_second_make_installs_nothing(tmp_path):
    """So that it needs no network."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()

    def steps():
        made = subprocess.run(
            ["make", "-n", "book", "unit", "nbval"], cwd=tmp_path, capture_output=True, encoding="utf8"
        )
        return made.stdout

    assert "pip install" in steps()
    (tmp_path / ".venv/.installed").touch()
    assert "pip" not in steps() and "npm" not in steps()


def test_one_version_and_one_date():
    """Before a release: the version that is being made, without a date. After it: the same day in both files."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    newest, state = re.search(r"^## ([\d.]+), (.+)", (ROOT / "CHANGELOG.md").read_text("utf8"), re.MULTILINE).groups()
    assert winit.__version__ == str(citation["version"]) == newest
    assert state == str(citation.get("date-released", "not released yet"))


def test_hooks_run_what_lint_runs():
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf8"))["repos"]
    recipes = re.findall(r"^(?:lint|style|types|schemas): .*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    lint = "".join(recipes).replace("$(BIN)", ".venv/bin")
    for hook in repository["hooks"]:
        command = " ".join(hook["entry"].split()[:2])
        assert command.removeprefix("make ").split(" --")[0] in lint, hook["id"]


@pytest.mark.parametrize(
    "module", ["winit", "winit.torch", "winit_book.check", "test_listing", "torch.nn", "keras.src"]
)
def test_a_deprecation_is_an_error_where_our_own_code_causes_it(module):
    with warnings.catch_warnings(record=True):
        if module in ("torch.nn", "keras.src"):
            warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module)
        else:
            with pytest.raises(DeprecationWarning):
                warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no clone")
def test_what_a_shell_runs_keeps_its_line_ends():
    def git(*command):
        return subprocess.run(
            ["git", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf8", check=True
        ).stdout

    tracked = git("ls-files").splitlines()
    scripts = [name for name in tracked if (ROOT / name).is_file() and (ROOT / name).read_bytes()[:2] == b"#!"]
    for name in [*scripts, "Makefile", "binder/runtime.txt", "chapters/en/02_fan_in_fan_out.ipynb"]:
        assert git("check-attr", "eol", name).strip() == f"{name}: eol: lf"


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path[1:4]))
        self.send_header("Location", "/404" if "lost" in self.path else "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def address(monkeypatch):
    monkeypatch.setattr(outside, "TRIES", 1)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_outside_address_is_gone_or_not(address):
    for path in ("200", "302", "403", "429"):  # a server that refuses robots is there
        assert not outside.trouble(f"{address}/{path}")
    gone = {"404": "404 Not Found", "410": "410 Gone", "503": "503 Service Unavailable", "302-lost": "404 Not Found"}
    assert {path: outside.trouble(f"{address}/{path}") for path in gone} == gone


def test_nobody_answers(monkeypatch):
    monkeypatch.setattr(outside, "TRIES", 1)
    assert "refused" in outside.trouble("http://127.0.0.1:1/")
    monkeypatch.setattr(outside, "trouble", lambda url: "no route")
    with pytest.raises(SystemExit, match="is there a network"):
        outside.main(ROOT)


def test_which_addresses_are_outside(tmp_path, monkeypatch, capsys):
    found = outside.find(ROOT)
    assert "https://doi.org/10.1109/ICCV.2015.123" in found and len(found) > 40
    assert outside.ADDRESS.findall("[a](https://a.b/c?d=1) and <https://e.f/g>, “https://h.i”. `x`") == [
        *("https://a.b/c?d=1", "https://e.f/g", "https://h.i"),
    ]
    monkeypatch.setattr(outside, "trouble", lambda url: "410 Gone" if "ICCV" in url else "")
    assert outside.main(ROOT) == 1
    assert capsys.readouterr().out.startswith("book/references.bib, he2015: https://doi.org/10.1109/ICCV.2015.123: 410")


TEXT = {"read_text": 1, "write_text": 2}  # the positional argument that names the encoding
MODES = {kind + plus + form for kind in "rwax" for plus in ("", "+") for form in ("", "b", "t")}
PIPES = {"run", "Popen", "check_output"}


def unnamed_encodings(source):
    """The lines that read or write text in the encoding of whoever runs them; on a Korean Windows that is cp949."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and not any(word.arg == "encoding" for word in node.keywords):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = {word.arg: getattr(word.value, "value", None) for word in node.keywords}
            if name in TEXT:
                guessed = len(node.args) < TEXT[name]
            elif name == "open":  # open(path, mode), path.open(mode); of other things of that name only bytes come
                modes = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and arg.value in MODES]
                guessed = "b" not in (modes or ["r" if isinstance(node.func, ast.Name) else "b"])[0]
            else:
                guessed = name in PIPES and bool(words.get("text") or words.get("universal_newlines"))
            if guessed:
                yield node.lineno


@pytest.mark.parametrize(
    "line, guessed",
    [
        ("path.read_text()", True),
        ("path.read_text('utf8')", False),
        ("path.write_text(words)", True),
        ("path.write_text(words, 'utf8')", False),
        ("open(path)", True),
        ("open(path, 'rb')", False),
        ("open(path, encoding='utf8')", False),
        ("path.open('a')", True),
        ("path.open('wb')", False),
        ("Image.open(path)", False),
        ("subprocess.run(command, text=True)", True),
        ("subprocess.run(command, text=True, encoding='utf8')", False),
        ("subprocess.run(command, capture_output=True)", False),
    ],
)
def test_what_guesses_an_encoding(line, guessed):
    assert bool(list(unnamed_encodings(line))) == guessed


@pytest.mark.parametrize("encoding", ["cp949", "ascii"])
def test_a_command_may_say_what_the_console_cannot_write(encoding):
    said = r'import winit_book; print("\u2013 1 \u22122 \u2713")'  # in ASCII, as some systems want an argument
    environment = os.environ | {"PYTHONPATH": str(ROOT / "book"), "PYTHONIOENCODING": encoding}
    run = subprocess.run([sys.executable, "-c", said], env=environment, capture_output=True)
    assert run.returncode == 0, run.stderr
    assert r"\u2013 1 \u22122 \u2713" in run.stdout.decode(encoding)


def test_no_encoding_is_guessed():
    """Neither end of a file or a pipe asks the locale."""
    folders = ("winit", "book", "benchmarks", "tests", ".github", ".ci")
    sources = {path: path.read_text("utf8") for folder in folders for path in ROOT.glob(f"{folder}/**/*.py")}
    assert len(sources) > 100
    guessed = {str(path.relative_to(ROOT)): list(unnamed_encodings(source)) for path, source in sources.items()}
    assert not {path: lines for path, lines in guessed.items() if lines}
