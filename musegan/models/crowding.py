"""Notes of one track that would begin together: the surest make it harder for the others.

Each onset is said by itself. Where it is certain that a note begins but not which, several that may
are all a little surer than not, and a melody comes out as clusters. How much room the surest take
is a level that is set after training.
"""

from __future__ import annotations

from torch import Tensor

from musegan.models.patches import PatchLayout
from musegan.pianoroll import ONSET

SUREST = 8  # notes that others make room for; a step of a track hardly has more
HARDLY = -2.0  # an onset's logit below which it takes no room


def make_room(logits: Tensor, layout: PatchLayout, crowding: Tensor) -> Tensor:
    """Logits with each onset's lowered by the chances of all that are surer at its step.

    Args:
        logits: (batch, time, octave, channel): see `sound`.
        layout: shape of the phrase.
        crowding: (tracks,) how much an onset is lowered for each that is certain.
    """
    made = logits.clone()
    # (batch, time, track, step, octave, pitch)
    onsets = layout.split(made)[..., ONSET, :, :].permute(0, 1, 3, 4, 2, 5)
    # most steps have no two notes, and seeking the surest is slow
    crowded = (onsets > HARDLY).sum((4, 5)) > 1
    rows = onsets[crowded].flatten(1)
    lowered = crowding[:, None].expand(crowded.shape)[crowded][:, None]
    surest, pitch = rows.topk(min(SUREST, rows.shape[1]), 1)
    chance = surest.sigmoid()
    below = rows - lowered * chance.sum(1, keepdim=True)
    room = below.scatter(1, pitch, surest - lowered * (chance.cumsum(1) - chance))
    onsets[crowded] = room.unflatten(1, (layout.octaves, -1))
    return made
