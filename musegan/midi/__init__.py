"""MIDI files in and out: the only home of MIDI libraries."""

from musegan.midi.playing import playable_midi
from musegan.midi.pretty import from_pretty_midi, to_pretty_midi
from musegan.midi.read import MIDI_ENDINGS, read_midi, read_songs
from musegan.midi.write import midi_bytes, write_midi

__all__ = [
    "MIDI_ENDINGS",
    "from_pretty_midi",
    "midi_bytes",
    "playable_midi",
    "read_midi",
    "read_songs",
    "to_pretty_midi",
    "write_midi",
]
