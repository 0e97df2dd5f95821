"""Names as people type them."""

from __future__ import annotations

from collections.abc import Sequence


def find_name(name: str, names: Sequence[str]) -> int | None:
    """Position of the one of `names` spelt so, or else so in any case; None where there is none."""
    if name in names:
        return names.index(name)
    folded = [each.casefold() for each in names]
    return folded.index(name.casefold()) if name.casefold() in folded else None
