"""The one style sheet that a page asks for holds every file of book/styles."""

from winit_book.content.assets import STYLES, sheet
from winit_book.paths import BOOK


def test_every_file_of_styles_is_in_the_sheet():
    files = {path.stem: path.read_text("utf8") for path in (BOOK / "styles").iterdir()}
    assert files.keys() == set(STYLES), "list a new file in STYLES of book/winit_book/content/assets.py"
    for name, text in files.items():
        assert text in sheet(), name
        assert text.startswith("/* "), f"{name}: its head says what is in it"
