"""MIDI files made byte by byte, as the standard and its breakers write them."""

import struct
from pathlib import Path

from musegan.midi import read_midi
from musegan.song import Multitrack

END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x50\x60\x80\x3c\x00"  # pitch 60, velocity 80, 96 ticks, on channel 1
ROW = (0, 96, 60, 80)


def header(kind: int = 1, tracks: int = 1, division: int = 480) -> bytes:
    return b"MThd" + struct.pack(">IHHH", 6, kind, tracks, division)


def track(events: bytes = NOTE, end: bytes = END, length: int | None = None) -> bytes:
    body = events + end
    return b"MTrk" + struct.pack(">I", len(body) if length is None else length) + body


def meta(kind: int, value: bytes) -> bytes:
    return bytes((0, 0xFF, kind, len(value))) + value


def read(data: bytes, folder: Path, name: str = "song.mid") -> Multitrack:
    path = folder / name
    path.write_bytes(data)
    return read_midi(path)


def rows(song: Multitrack) -> list[list[tuple[int, int, int, int]]]:
    return [track.notes.rows() for track in song.tracks]
