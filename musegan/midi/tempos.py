"""Other tempos in a MIDI file."""

from __future__ import annotations

from collections.abc import Sequence

from musegan.midi.events import META, Chunk, Event
from musegan.song import Tempo

_TEMPO = bytes((META, 0x51, 3))


def with_tempos(chunks: Sequence[Chunk], old: Sequence[Tempo], now: Sequence[Tempo]) -> list[Chunk]:
    """The chunks with the tempos that hold now; new ones are put in the first, which is for all.

    Args:
        chunks: of a file.
        old: the tempos that were read from it.
        now: those it is to have.
    """
    gone = {*old} - {*now}
    first, *others = (
        [event for event in events if gone.isdisjoint(_tempo(event))] for events in chunks
    )
    new = [_event(tempo) for tempo in now if tempo not in {*old}]
    return [sorted([*first, *new], key=lambda event: event.time), *others]


def _tempo(event: Event) -> list[Tempo]:
    """The tempo that an event sets, if it sets one."""
    if not event.message.startswith(_TEMPO):
        return []
    return [Tempo(event.time, 60e6 / int.from_bytes(event.message[len(_TEMPO) :], "big"))]


def _event(tempo: Tempo) -> Event:
    return Event(tempo.time, _TEMPO + round(60e6 / tempo.bpm).to_bytes(3, "big"))
