"""Frames: many pictures that differ in a few artists only, drawn fast, exact to the pixel, and packed small."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

COLORS = 64


class Frames:
    """One figure for many pictures: what stands still is drawn once, what moves is drawn anew.

    Every picture equals, pixel by pixel, that of a new figure with the same content, as long as the layout does not
    depend on the record (it is settled by the first one, for frames must not jump) and no axes overlap.

    Parameters
    ----------
    draw : callable
        ``draw(figure) -> update``, and ``update(record)`` returns the artists that move: see `winit.Explorer`.
    size : (float, float)
        Inches.
    record : object
        The first record.

    Notes
    -----
    A frame is fast when nothing that stands still lies over what moves: axes below (``axes.axisbelow``, so in the
    book's style) and artists above the spines (``zorder=3``). It is right in any case.
    """

    def __init__(self, draw: Callable, size: tuple[float, float], record: Any):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=size)
        self.canvas, self.update = FigureCanvasAgg(figure), draw(figure)
        self.moving = list(self.update(record))
        self.canvas.draw()
        figure.set_layout_engine("none")
        self.overlay = [artist for parent in dict.fromkeys(map(_parent, self.moving)) for artist in self._over(parent)]
        for artist in self.overlay:
            artist.set_animated(True)  # the next line leaves it out
        self.settle()

    def settle(self) -> None:
        """Draw what stands still, which something may have changed."""
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(self.canvas.figure.bbox)

    def picture(self, record: Any) -> np.ndarray:
        """RGBA pixels of a record."""
        self.update(record)
        return self._blit(self.overlay)

    def empty(self) -> np.ndarray:
        """RGBA pixels of what stands still."""
        return self._blit([artist for artist in self.overlay if artist not in self.moving])

    def _blit(self, artists):
        self.canvas.restore_region(self.still)
        for artist in artists:
            artist.draw(self.canvas.renderer)
        return np.array(self.canvas.buffer_rgba())

    def _over(self, parent):
        """What axes or a figure draw from the first moving artist on, for that lies over it."""
        framed = getattr(parent, "axison", True)
        hidden = [parent.patch] + ([] if framed else [*parent.spines.values(), parent.xaxis, parent.yaxis])
        children = sorted((a for a in parent.get_children() if a not in hidden), key=lambda a: a.get_zorder())
        moving = [artist for artist in children if artist in self.moving]
        over = children[children.index(moving[0]) :]
        return [artist for artist in over if artist in moving or not self._is_apart(artist, moving)]

    def _is_apart(self, artist, moving):
        """A text outside the boxes that clip all that moves, a title for one; texts are slow to draw."""
        from matplotlib.text import Text

        boxes = [other.get_clip_box() for other in moving]
        if None in boxes or not isinstance(artist, Text):
            return False
        return not any(box.overlaps(artist.get_window_extent(self.canvas.renderer)) for box in boxes)


def _parent(artist):
    return artist.figure if artist.axes in (None, artist) else artist.axes


def png(pixels: np.ndarray) -> bytes:
    """A PNG of at most ``COLORS`` colours, from RGBA pixels."""
    file = io.BytesIO()
    reduced(pixels).save(file, "png")
    return file.getvalue()


def reduced(pixels: np.ndarray) -> Image:
    """The picture in at most ``COLORS`` colours; that of its upper left corner is kept exactly."""
    from PIL import Image

    # a sample is enough to find the colours; a prime step that does not divide the width visits every row and column
    step = next(prime for prime in (7, 5, 11, 13, 17, 19) if pixels.shape[1] % prime)
    sample = Image.fromarray(pixels.reshape(-1, 1, 4)[::step]).convert("RGB")
    colors = sample.quantize(COLORS, Image.Quantize.FASTOCTREE)
    image = Image.fromarray(pixels).convert("RGB").quantize(palette=colors, dither=Image.Dither.NONE)
    palette, paper = image.getpalette() or [], 3 * int(np.asarray(image)[0, 0])
    palette[paper : paper + 3] = pixels[0, 0, :3].tolist()  # else its mean with all that is nearly white
    image.putpalette(palette)
    return image
