"""Notes of one track that would begin together: the surest make it harder for the others.

Each onset is said by itself. Where it is certain that a note begins but not which, several that may
are all a little surer than not, and a melody comes out as clusters. How much room the surest take
is a level that is set after training.
"""

from __future__ import annotations

from torch import Tensor

from musegan.models.onsets import count

SUREST = 8  # notes that others make room for; a step of a track hardly has more
HARDLY = -2.0  # an onset's logit below which it takes no room


def make_room(onsets: Tensor, crowding: Tensor) -> Tensor:
    """Onsets, each lowered by the chances of all that are surer at its step, in place.

    Args:
        onsets: (batch, tracks, steps, pitches) logits.
        crowding: (tracks,) how much an onset is lowered for each that is certain.
    """
    # most steps have no two notes, and seeking the surest is slow
    crowded = count(onsets > HARDLY) > 1
    rows = onsets[crowded]
    lowered = crowding[:, None].expand(crowded.shape)[crowded][:, None]
    surest, pitch = rows.topk(min(SUREST, rows.shape[1]), 1)
    chance = surest.sigmoid()
    below = rows - lowered * chance.sum(1, keepdim=True)
    room = below.scatter(1, pitch, surest - lowered * (chance.cumsum(1) - chance))
    onsets[crowded] = room
    return onsets
