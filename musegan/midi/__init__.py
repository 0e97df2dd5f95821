"""MIDI files in and out: the only home of MIDI libraries."""

from musegan.midi.read import read_midi

__all__ = ["read_midi"]
