"""The form of an explorer for a page, as data, because a page has no kernel: all its states, or one where it is live.

This is an extension of IPython. A kernel that runs a notebook for the site loads it (building/execution.py), and there
an `Explorer` displays its states in place of a widget. They know no language; explorers.py makes a figure of them.

The page computes and draws the explorers of ``LIVE`` itself (book/assets/live-<name>.js): it gets their opening state,
and the range of a slider in place of its stops. Of the others it gets the words apart that stand still in all frames,
as text to lay over them, which can be translated. A frame has twice the pixels of one in a notebook, for screens that
show them, and is a WebP, which takes two thirds of a PNG's bytes.
"""

from __future__ import annotations

import base64
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from numbers import Integral
from typing import Any

import numpy as np
from matplotlib.text import Text

from winit import ACTIVATIONS, INITIALIZERS
from winit.explorers import NAME, Explorer, is_scale, text
from winit.frames import Frames, reduced

from .page_figure import lettering, says_a_word

FRAME_BYTES, PAGE_BYTES = 16_000, 800_000  # of a frame; of all explorers of a page together
FINER = 2
LIVE = ("fans", "compromise", "relu_depth", "maps", "residual")
WIDE = 10  # a slider whose last value is this many times the first is logarithmic


def load_ipython_extension(shell) -> None:
    shell.display_formatter.mimebundle_formatter.for_type(Explorer, bundle)


def bundle(explorer: Explorer) -> dict[str, str]:
    """What an explorer displays: its states in a script that does nothing."""
    data = json.dumps(states(explorer), ensure_ascii=False).replace("<", "\\u003c")
    script = f'<script type="application/json" class="explorer">{data}</script>'
    return {"text/plain": repr(explorer), "text/html": script}


def states(explorer: Explorer) -> dict[str, Any]:
    """The states, in the order of ``itertools.product``, equal frames once, and the words to be translated.

    Raises
    ------
    ValueError
        A frame above ``FRAME_BYTES``, or a whole above ``PAGE_BYTES``.
    """
    live = explorer.name in LIVE
    apart = "" if live else lift(explorer.frames)
    frames, found, words = {}, [], set(explorer.controls)
    choices = [explorer.first.values()] if live else itertools.product(*explorer.controls.values())
    for choice, pixels, numbers in fine(explorer, choices):
        picture = webp(pixels)
        if len(picture) > FRAME_BYTES:
            raise ValueError(f"{explorer.name}: the frame of {choice} takes {len(picture)} bytes, over {FRAME_BYTES}")
        impossible = isinstance(numbers, ValueError)
        said = None if impossible else {name: text(value) for name, value in numbers.items()}
        found.append([frames.setdefault(picture, len(frames)), said])
        words |= set(map(_word, ["impossible"] if impossible else [*numbers, *numbers.values()]))
    words |= {_word(value) for values in explorer.controls.values() for value in values}
    controls = {name: _control(values, live) for name, values in explorer.controls.items()}
    data = {
        "name": explorer.name,
        "live": live,
        "size": [side // FINER for side in pixels.shape[1::-1]],
        "controls": controls,
        "start": [text(value) for value in explorer.first.values()],
        "lettering": apart,
        "states": found,
        "frames": [base64.b64encode(picture).decode() for picture in frames],
        "words": sorted(words - {None}),
    }
    if (size := len(json.dumps(data))) > PAGE_BYTES:
        raise ValueError(f"{explorer.name}: {len(found)} states take {size} bytes, over {PAGE_BYTES}; offer fewer")
    return data


def lift(frames: Frames) -> str:
    """Take the words that stand still out of the frames, and return them as a drawing."""
    figure, seen = frames.canvas.figure, [artist for artist in frames.moving if artist.get_visible()]
    labels = [label for label in figure.findobj(Text) if label not in frames.moving and says_a_word(label.get_text())]
    if not (figure.axes and labels):
        return ""
    for artist in seen:
        artist.set_visible(False)
    drawn = lettering(figure)
    for label in labels:
        label.set_visible(False)
    for artist in seen:
        artist.set_visible(True)
    frames.settle()
    return drawn


def fine(explorer: Explorer, choices: Iterable) -> Iterator[tuple[dict[str, Any], np.ndarray, Any]]:
    """Each choice with its pixels, ``FINER`` times as many to the inch, and its numbers."""
    frames = explorer.frames
    frames.canvas.figure.dpi *= FINER
    frames.settle()
    for values in choices:
        choice = dict(zip(explorer.controls, values))
        yield choice, *explorer.state(choice)
    frames.canvas.figure.dpi /= FINER
    frames.settle()


def webp(pixels: np.ndarray) -> bytes:
    """What `winit.frames.png` keeps of the picture, as WebP."""
    file = io.BytesIO()
    reduced(pixels).convert("RGB").save(file, "webp", lossless=True)
    return file.getvalue()


def _control(values: Sequence, live: bool) -> dict[str, Any]:
    """Its values as texts; of a live slider the first and the last."""
    if not (live and is_scale(values)):
        return {"values": [text(value) for value in values], "scale": is_scale(values)}
    first, last = values[0], values[-1]
    whole = all(isinstance(value, Integral) for value in values)
    return {"first": first, "last": last, "whole": whole, "log": 0 < WIDE * first <= last}


def _word(value) -> str | None:
    """The value if the page must translate it: neither a number, nor a symbol, nor a row of our tables."""
    shown = text(value)
    spoken = isinstance(value, (str, bool, np.bool_))
    return shown if spoken and NAME.fullmatch(shown) and shown not in {*INITIALIZERS, *ACTIVATIONS} else None
