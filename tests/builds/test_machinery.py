"""Execution, its cache, and what authors run: once for all editions, and never quietly wrong."""

import io
import os

import nbformat
import numpy as np
import pytest
import tiny_book
from PIL import Image
from tiny_book import code, notebook, text
from winit_book import notebooks
from winit_book.building import execution, made
from winit_book.building.editions import read_editions
from winit_book.building.in_step import check_code
from winit_book.building.remote import github, pages_url


@pytest.fixture
def book(tmp_path):
    def chapter(title):
        return notebook(text(f"# {title}\n\nWords."), code("import winit\n\nprint(winit.fans((3, 2)))"), code("1 + 1"))

    pages = {language: {"index": "# Title\n\nWords.\n", "01_a": chapter(language)} for language in ("en", "ko")}
    return tiny_book.write(tmp_path, pages)


def chapter(book, language="en"):
    return book / "chapters" / language / "01_a.ipynb"


def run_count(monkeypatch):
    runs = []
    original = execution.execute
    monkeypatch.setattr(execution, "execute", lambda *args: runs.append(args) or original(*args))
    return runs


def test_identical_code_is_executed_once_and_again_when_winit_changes(book, monkeypatch, capsys):
    runs = run_count(monkeypatch)
    for edition in read_editions(book):
        execution.fill_cache(book, edition.notebooks)
    assert len(runs) == 1
    with (book / "winit" / "lookup.py").open("a", encoding="utf8") as module:
        module.write("# changed\n")
    execution.fill_cache(book, [chapter(book)])
    assert len(runs) == 2
    monkeypatch.setattr(made, "versions", list)  # other versions
    execution.fill_cache(book, [chapter(book)])
    assert len(runs) == 3


@pytest.mark.parametrize("form", ["page_form", "page_figure"])
def test_the_cache_knows_what_form_explorers_and_figures_take(book, form):
    before = execution.cache_path(book)
    with (book / "book" / "winit_book" / "content" / f"{form}.py").open("a", encoding="utf8") as module:
        module.write("# changed\n")
    assert execution.cache_path(book) != before


def test_what_the_build_adds_to_a_kernel_is_not_seen_in_the_notebook(book):
    plain, extended = (notebook(text("# A"), code("sorted(globals())"), code("1 + 1")) for _ in range(2))
    execution.execute(plain, chapter(book))
    execution.execute(extended, chapter(book), execution.PAGE_FORMS)
    assert [cell.get("outputs") for cell in extended.cells] == [cell.get("outputs") for cell in plain.cells]
    assert [cell.execution_count for cell in extended.cells[1:]] == [1, 2]


def test_a_cell_may_say_that_it_raises(book):
    cell = code("1 / 0")
    cell.metadata["tags"] = ["raises-exception"]
    execution.execute(notebook(text("# A"), cell, code("2")), chapter(book))
    assert [output.output_type for output in cell.outputs] == ["error"]


@pytest.mark.parametrize("last", ["Shown()", "display(Shown())\n1"])
def test_a_display_that_raises_is_named(book, last):
    """IPython shows what a display raises, and goes on: the build would not stop."""
    shown = f"class Shown:\n    def _repr_html_(self):\n        return 1 / 0\n\n\n{last}"
    with pytest.raises(SystemExit, match=r"chapters/en/01_a\.ipynb, cell 2 raised ZeroDivisionError: division by zero"):
        execution.execute(notebook(text("# A"), code(shown)), chapter(book))


NO_FONT = """\
import matplotlib.pyplot as plt

plt.rcParams["font.family"] = "No Such Font"
plt.subplots()[1].set_title("a")
plt.show()"""


@pytest.mark.parametrize(
    "source, message",
    [
        ("import warnings\n\nwarnings.warn('old')\n1", ".*UserWarning: old"),
        (NO_FONT, r"findfont: Font family 'No Such Font' not found\."),
    ],
)
def test_a_library_that_warns_is_named(book, source, message):
    """So that the build says what was warned of, and `make notebooks` writes no warning into git."""
    warns = notebook(text("# A"), code(source))
    with pytest.raises(SystemExit, match=rf"^\nwinit: chapters/en/01_a\.ipynb, cell 2 warns: {message}$"):
        execution.execute(warns, chapter(book))


def test_a_cell_that_raises_is_named(book):
    broken = notebook(text("# A"), code("1"), code("1 / 0"))
    nbformat.write(broken, chapter(book))
    with pytest.raises(SystemExit, match=r"chapters/en/01_a\.ipynb, cell 3 raised ZeroDivisionError: division by zero"):
        execution.fill_cache(book, [chapter(book)])


def test_notebooks_writes_the_same_outputs_everywhere_and_is_idempotent(book, capsys):
    notebooks.main([], root=book)
    english, korean = (nbformat.read(chapter(book, language), as_version=4) for language in ("en", "ko"))
    assert english.cells[1:] == korean.cells[1:]
    assert english.cells[1].outputs[0].text == "Fans(fan_in=3, fan_out=2)\n"
    before = [chapter(book, language).read_bytes() for language in ("en", "ko")]
    notebooks.main([], root=book)
    assert [chapter(book, language).read_bytes() for language in ("en", "ko")] == before
    assert "nothing changed" in capsys.readouterr().out


def test_notebooks_stores_nothing_of_a_solution(book):
    for language in ("en", "ko"):
        changed = nbformat.read(chapter(book, language), as_version=4)
        changed.cells[2].metadata = {"jupyter": {"source_hidden": True, "outputs_hidden": True}}
        nbformat.write(changed, chapter(book, language))
    notebooks.main([], root=book)
    _, first, solution = nbformat.read(chapter(book, "ko"), as_version=4).cells
    assert (first.execution_count, len(first.outputs)) == (1, 1)
    assert (solution.execution_count, solution.outputs) == (None, [])
    assert solution.metadata["jupyter"] == {"source_hidden": True, "outputs_hidden": True}


def test_notebooks_can_take_the_code_of_one_edition(book, capsys):
    changed = nbformat.read(chapter(book, "ko"), as_version=4)
    changed.cells[2].source = "40 + 2"
    nbformat.write(changed, chapter(book, "ko"))
    notebooks.main(["--from", "ko", "01_a"], root=book)
    assert nbformat.read(chapter(book), as_version=4).cells[2].outputs[0].data["text/plain"] == "42"


@pytest.mark.parametrize(
    "arguments, message",
    [(["--from", "kr"], "choose one of en, ko"), (["02_b"], "unknown chapter '02_b'; choose one of 01_a")],
)
def test_notebooks_names_the_choices(book, arguments, message):
    with pytest.raises(SystemExit, match=message):
        notebooks.main(arguments, root=book)


def test_notebooks_refuses_other_cells(book):
    nbformat.write(notebook(text("# A"), code("1")), chapter(book, "ko"))
    for arguments in ([], ["--from", "ko"]):
        with pytest.raises(SystemExit, match=r"ko/01_a\.ipynb, cell 3: its kind differs"):
            notebooks.main(arguments, root=book)


def change(book, language, **changes):
    """Edit the last cell of one edition; the bytes of both files."""
    edited = nbformat.read(chapter(book, language), as_version=4)
    edited.cells[2].update(changes)
    nbformat.write(edited, chapter(book, language))
    return [chapter(book, name).read_bytes() for name in ("en", "ko")]


def one_line(stopped):
    (line,) = str(stopped.value).strip().splitlines()
    return line


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "changes, what", [({"source": "40 + 2"}, "code"), ({"metadata": {"tags": ["hide-input"]}}, "metadata")]
)
def test_what_an_author_wrote_in_one_edition_is_not_overwritten(book, monkeypatch, language, changes, what):
    before, runs = change(book, language, **changes), run_count(monkeypatch)
    monkeypatch.setattr(notebooks, "execute", execution.execute)
    with pytest.raises(SystemExit) as stopped:
        notebooks.main([], root=book)
    assert one_line(stopped) == (
        f"winit: chapters/ko/01_a.ipynb, cell 3: its {what} differs from chapters/en/01_a.ipynb; "
        "pass FROM=en or FROM=ko to make notebooks CHAPTER=01_a, and the code of that edition is copied"
    )
    assert not runs and [chapter(book, name).read_bytes() for name in ("en", "ko")] == before
    assert not list(book.glob("chapters/*/*.new"))
    with pytest.raises(SystemExit, match="cell 3: its"):  # nor does a build choose one of the two
        check_code(read_editions(book))


def test_what_jupyter_leaves_in_one_edition_is_tidied(book):
    change(book, "ko", metadata={"scrolled": True})
    with pytest.raises(SystemExit, match="its metadata differs"):  # the cache would not know the cell
        check_code(read_editions(book))
    notebooks.main([], root=book)
    check_code(read_editions(book))


def test_a_merge_that_nobody_resolved_is_one_line(book):
    chapter(book).write_text("<<<<<<< HEAD\n" + chapter(book).read_text("utf8"), "utf8")
    with pytest.raises(SystemExit) as stopped:
        notebooks.main([], root=book)
    assert one_line(stopped).startswith("winit: chapters/en/01_a.ipynb is no notebook: ")


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels.astype("uint8")).save(file, "png")
    return file.getvalue()


def test_a_picture_that_looks_the_same_keeps_its_bytes():
    pixels = np.random.default_rng(0).integers(10, 200, (20, 30, 4))
    other = pixels + np.random.default_rng(1).integers(-2, 3, pixels.shape)
    assert notebooks.look_alike(png(pixels), png(other))
    assert not notebooks.look_alike(png(pixels), png(pixels[:-1]))
    for channel in range(4):
        changed = other.copy()
        changed[3, 5, channel] = pixels[3, 5, channel] + 3
        assert not notebooks.look_alike(png(pixels), png(changed))


PICTURE = 'from PIL import Image\n\nImage.new("L", (30, 20), {level})'


def test_pictures_in_git_change_only_where_one_sees_it(book):
    def picture(level):
        for language in ("en", "ko"):
            change(book, language, source=PICTURE.format(level=level))
        notebooks.main([], root=book)
        return nbformat.read(chapter(book), as_version=4).cells[2].outputs[0].data["image/png"]

    first = picture(100)
    assert picture(102) == first
    assert picture(103) != first


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://github.com/some-one/win.it.git", ("some-one", "win.it")),
        ("https://token@github.com/a/b", ("a", "b")),
        ("git@github.com:a/b.git", ("a", "b")),
        ("ssh://git@github.com/a/b.git", ("a", "b")),
        ("https://gitlab.com/a/b.git", None),
        ("/some/folder", None),
        (None, None),
    ],
)
def test_links_follow_the_remote(tmp_path, url, expected):
    os.system(f"git init -q {tmp_path}")
    if url:
        os.system(f"git -C {tmp_path} remote add origin {url}")
    assert github(tmp_path) == expected


def test_address_of_the_published_site():
    assert pages_url(("Some", "course")) == "https://some.github.io/course/"
    assert pages_url(("Some", "some.github.io")) == "https://some.github.io/"
    assert pages_url(None) == ""


@pytest.mark.parametrize(
    "file, decides",
    [
        ("chapters/ko/01_a.ipynb", {"pages"}),
        ("book/templates/layout.html", {"written"}),
        ("book/assets/winit.js", {"written"}),
        ("book/catalogue/en.yml", {"read"}),
        ("book/winit_book/content/page.py", {"read"}),
        ("winit/data.py", {"read"}),
        ("_toc.yml", {"read"}),
        ("book/styles/boxes.css", set()),
        ("book/shared/root.css", set()),
        ("chapters/en/01_a.ipynb", set()),
    ],
)
def test_what_a_file_decides_for_an_edition_and_for_the_site(book, file, decides):
    edition, site = made.sources_of_edition(book, "ko"), made.sources_of_site(book)
    os.utime(book / file, (0, 0))
    assert (made.sources_of_edition(book, "ko"), made.sources_of_site(book)) == (edition, site)
    with (book / file).open("a", encoding="utf8") as changed:
        changed.write("\n")
    now = made.sources_of_edition(book, "ko")
    assert {key for key in edition if now[key] != edition[key]} == decides
    assert made.sources_of_site(book) != site


def test_a_folder_stands_while_nobody_changes_it_or_what_it_is_made_of(tmp_path):
    folder, sources = tmp_path / "html", {"all": "fingerprint"}
    folder.mkdir()
    (folder / "a.html").write_text("A", "utf8")
    assert not made.stands(folder, sources)
    made.remember(folder, sources)
    (folder / "a.html").write_text("A", "utf8")  # as it was
    assert made.stands(folder, sources) and not made.stands(folder, {"all": "another"})
    (folder / "a.html").write_text("B", "utf8")
    assert not made.stands(folder, sources)
    (folder / "a.html").unlink()
    assert not made.stands(folder, sources)
    made.remember(folder, sources)
    made.forget(folder)
    assert not made.stands(folder, sources)
