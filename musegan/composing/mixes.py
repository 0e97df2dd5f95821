"""Mixes as a musician writes them: `rock:0.6,dark:0.4`."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from musegan.errors import MuseganError
from musegan.instruments.naming import find_name


def mix_shares(text: str, names: Sequence[str], what: str, owner: str) -> torch.Tensor:
    """The share of each name in a mix, (names,), summing to 1.

    Args:
        text: one name, or several with weights; see `find_name`.
        names: those there are.
        what: what the names are of, for messages: a `style`, an `instrument`.
        owner: who knows them, for messages.

    Raises:
        MuseganError: an unknown name (the message tells those there are), or weights that are no
            positive numbers.
    """
    weights = [0.0] * len(names)
    for part in text.split(","):
        name, _, number = (piece.strip() for piece in part.partition(":"))
        place = find_name(name, names)
        if place is None:
            raise MuseganError(f"no {what} '{name}': {owner} knows {', '.join(names)}")
        try:
            weight = float(number or 1)
        except ValueError:
            weight = 0.0
        if not 0 < weight < float("inf"):
            raise MuseganError(
                f"the weight of {what} '{name}' must be a number above 0, not '{number}'"
            )
        weights[place] += weight
    # by the largest first: a musician's numbers may be too big or small to be added as float32
    shares = torch.tensor([weight / max(weights) for weight in weights])
    return shares / shares.sum()
