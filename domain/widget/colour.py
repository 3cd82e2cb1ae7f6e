"""Colours as sRGB has them, and whether one can be read on another, by WCAG 2.2."""

from __future__ import annotations

import re

HEX = re.compile(r"#[0-9a-f]{6}")
WHITE = "#ffffff"
BLACK = "#000000"
VISIBLE = 3.0
"""The contrast by which a control is told from what it stands on (1.4.11)."""


def colour_of(text: str) -> str | None:
    """A colour as `#rrggbb` in lower case; None for what is none."""
    found = text.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", found):
        found = "#" + "".join(2 * digit for digit in found[1:])
    return found if HEX.fullmatch(found) else None


def contrast(one: str, other: str) -> float:
    """From 1, which is none, to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """White or black, whichever is read more easily on a colour; one of them always has 4.5."""
    return max((WHITE, BLACK), key=lambda ink: contrast(colour, ink))


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
