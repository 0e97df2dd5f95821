"""`Multitrack` to and from pretty_midi, for those whose code speaks that."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from musegan.errors import MuseganError
from musegan.midi.write import midi_bytes
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track

if TYPE_CHECKING:
    import pretty_midi

MAX_TICKS = 10_000_000  # pretty_midi keeps the time of every tick


def to_pretty_midi(song: Multitrack) -> pretty_midi.PrettyMIDI:
    """The song in seconds, with the same tempos, meters, keys, programs and names.

    Raises:
        MuseganError: MIDI cannot hold the song (see `musegan.midi.midi_bytes`), or it is longer
            than pretty_midi reckons.
    """
    import pretty_midi

    end = max([song.end, *(e[0] for es in (song.tempos, song.meters, song.keys) for e in es)])
    if end >= MAX_TICKS:
        raise MuseganError(
            f"{song.name or 'song'}: {end:,} ticks long, pretty_midi takes {MAX_TICKS:,}; cut it"
        )
    silent = replace(song, tracks=())
    result = pretty_midi.PrettyMIDI(io.BytesIO(midi_bytes(silent)))
    for track in song.tracks:
        instrument = pretty_midi.Instrument(track.program, track.is_drum, track.name)
        instrument.notes = [
            pretty_midi.Note(
                velocity,
                pitch,
                result.tick_to_time(start),
                result.tick_to_time(start + duration),
            )
            for start, duration, pitch, velocity in track.notes.rows()
        ]
        result.instruments.append(instrument)
    return result


def from_pretty_midi(source: pretty_midi.PrettyMIDI, name: str = "") -> Multitrack:
    """The song in ticks of pretty_midi's resolution; a note lasts at least one tick."""

    def tick(seconds: float) -> int:
        return int(source.time_to_tick(seconds))

    times, bpms = source.get_tempo_changes()
    return Multitrack(
        tuple(
            Track(
                Notes.of(
                    [
                        (tick(n.start), max(tick(n.end) - tick(n.start), 1), n.pitch, n.velocity)
                        for n in instrument.notes
                    ]
                ),
                instrument.program,
                instrument.is_drum,
                instrument.name,
            )
            for instrument in source.instruments
        ),
        source.resolution,
        tuple(
            Tempo(tick(at), 60e6 / round(60e6 / bpm)) for at, bpm in zip(times, bpms, strict=True)
        ),
        tuple(
            Meter(tick(meter.time), meter.numerator, meter.denominator)
            for meter in source.time_signature_changes
        ),
        tuple(_key(tick(key.time), key.key_number) for key in source.key_signature_changes),
        name,
    )


def _key(time: int, number: int) -> Key:
    """pretty_midi's key number (0..11 C major to B major, 12..23 C minor to B minor) as fifths."""
    minor = number >= 12
    major_tonic = number % 12 + (3 if minor else 0)
    fifths = (major_tonic * 7 + 5) % 12 - 5
    return Key(time, fifths, minor)
