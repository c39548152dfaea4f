"""Helper package of the winit course on weight initialization."""

from .connectivity import Fans, fans

__all__ = ["Fans", "fans"]
