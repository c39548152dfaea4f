"""A page goes to paper only where a font has its letters: empty boxes would be found by its readers."""

import os
from pathlib import Path

import matplotlib
import pytest
from pypdf import PdfReader
from winit_book.offline.paper import CHROMIUM, FLAGS, print_pdf

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu, which has no Hangul
CONFIG = f"<?xml version='1.0'?><fontconfig><dir>{FONTS}</dir><cachedir>CACHE</cachedir></fontconfig>"
PAGE = "<!DOCTYPE html><html lang=ko><meta charset=utf-8><title>t</title><body><p>가중치 초기화, σ² = 1"


@pytest.mark.slow  # with all else of `make offline`
def test_a_missing_font_is_named(chromium, tmp_path):
    source, target = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_text(PAGE, "utf8")
    print_pdf(chromium, source, target)
    assert "가중치 초기화" in PdfReader(target).pages[0].extract_text()
    target.unlink()

    (tmp_path / "fonts.conf").write_text(CONFIG.replace("CACHE", str(tmp_path / "cache")), "utf8")
    poor = os.environ | {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=FLAGS, env=poor)
    try:
        with pytest.raises(SystemExit, match=r"^\nwinit: no font here has the letters 가중치초기화; .*fonts-noto-cjk$"):
            print_pdf(browser, source, target)
    finally:
        browser.close()
    assert not target.exists()
