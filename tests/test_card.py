"""The picture of the landing pages: true, the same in every build, drawn anew only when it could differ."""

import json
import subprocess

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.image import imread
from winit_book.building import card

import winit


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(card, "DEPTH", 6)
    monkeypatch.setattr(card, "WIDTH", 128)
    with mpl.rc_context():
        yield


def test_dots_lie_on_the_lines(small):
    ax = card.draw(card.measure()).axes[0]
    lines = ax.get_lines()
    assert len(lines) == 2 * len(card.INITIALIZERS)
    for theory, dots in zip(lines[::2], lines[1::2], strict=True):
        assert np.array_equal(theory.get_xdata(), np.arange(1, 7))
        assert np.abs(np.log(dots.get_ydata() / theory.get_ydata())).max() < 0.3  # 3 seeds of 128 units
    factors = [line.get_ydata()[-1] / line.get_ydata()[-2] for line in lines[::2]]
    assert factors == pytest.approx([0.8, 1, 0.5**0.5, 6**-0.5])  # √(Var[W] · 128 / 2)


def test_the_script_holds_what_every_scale_follows_from(small):
    """Weights g times as large: layer ℓ of the same network has g^ℓ times the signal, and δ of it g^(L-ℓ) times."""
    found = json.loads(card.script(card.measure()).removeprefix("window.winitSignal = ").removesuffix(";\n"))
    g, layers = 0.7, np.arange(1, card.DEPTH + 1)
    std = g * winit.INITIALIZERS["he_normal"].std((card.WIDTH, card.WIDTH))
    for seed in range(card.SEEDS):
        options = {"activation": "relu", "rng": np.random.default_rng(seed), "batch": card.BATCH}
        run = winit.propagate([card.WIDTH] * (card.DEPTH + 1), initializer=std, **options)
        assert run.z_rms == pytest.approx(2**0.5 * np.array(found["signal"][seed]) * g**layers, rel=2e-3)
        assert run.delta_rms == pytest.approx(
            0.5**0.5 * np.array(found["gradient"][seed]) * g ** (card.DEPTH - layers), rel=2e-3
        )


def test_the_files_have_their_shape_and_every_build_the_same_ones(small, tmp_path):
    for folder in ("one", "two"):
        card.main(tmp_path / folder)
    for name in card.FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert imread(tmp_path / "one" / "card.png").shape[:2] == (630, 1200)
    assert (tmp_path / "one" / "card.png").stat().st_size < 100_000


def test_drawn_anew_only_when_winit_changes(tmp_path, monkeypatch):
    runs = []

    def run(command, **options):
        runs.append(command)
        command[-1].mkdir(parents=True)
        for name in card.FILES:
            (command[-1] / name).touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    (tmp_path / "winit").mkdir()
    for text, drawn in (("a = 1", 1), ("a = 1", 1), ("a = 2", 2)):
        (tmp_path / "winit" / "module.py").write_text(text, "utf8")
        assert [file.name for file in card.card(tmp_path)] == list(card.FILES)
        assert len(runs) == drawn
    assert len(list((tmp_path / "_build" / ".card").iterdir())) == 1  # the old one is gone


def test_a_failure_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda command, **options: subprocess.CompletedProcess(command, 1))
    with pytest.raises(SystemExit, match="the landing picture could not be drawn"):
        card.card(tmp_path)


@pytest.mark.slow
def test_the_specimen_shows_every_row(tmp_path):
    from winit_book import specimen

    with mpl.rc_context():
        specimen.main(tmp_path / "specimen.html")
    page = (tmp_path / "specimen.html").read_text("utf8")
    assert page.count("<img") == 4 * len(specimen.FIGURES)
