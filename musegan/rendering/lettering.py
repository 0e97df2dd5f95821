"""Text in pictures, in the face that comes with Pillow: the same on every machine."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import cast

from PIL import ImageDraw, ImageFont

from musegan.rendering.colours import INK, Colour

Place = tuple[float, float]


def write(
    draw: ImageDraw.ImageDraw,
    place: Place,
    text: str,
    size: int,
    colour: Colour = INK,
    anchor: str = "ls",
    width: float | None = None,
) -> None:
    """Write a line of text, shortened with dots where it is wider than `width` pixels.

    `anchor` is Pillow's: across l, m, r, then down a (top), m, s (baseline).
    """
    draw.text(place, fitted(text, size, width), colour, face(size), anchor)


def fitted(text: str, size: int, width: float | None = None) -> str:
    """The text as the face can show it, at most `width` pixels wide."""
    shown = plain(text)
    if width is None or face(size).getlength(shown) <= width:
        return shown
    while shown and face(size).getlength(shown + "...") > width:
        shown = shown[:-1]
    return shown.rstrip() + "..."


def plain(text: str) -> str:
    """The text in ASCII and the middle dot, all that the face has: accents go, others become ?."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    shown = "".join(letter if letter.isascii() or letter == "·" else "?" for letter in bare)
    return "".join(letter for letter in shown if letter.isprintable())


@cache
def face(size: int) -> ImageFont.FreeTypeFont:
    """The type face at a size in pixels."""
    return cast(ImageFont.FreeTypeFont, ImageFont.load_default(size))
