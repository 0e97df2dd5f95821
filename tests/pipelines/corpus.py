"""A folder of MIDI files to prepare, with some that cannot be used."""

from pathlib import Path

from musegan.data.cutting import Cut
from musegan.midi import write_midi
from pipelines.phrase_files import Settings
from tests.data.music import FOUR, TRIO, invented, scale, song, transposed

SETTINGS = Settings(TRIO, FOUR, Cut(2, 1, 2, 8), valid=0.25, test=0.25)


def write_corpus(folder: Path, songs: int = 20) -> Path:
    """Songs in folders rock and pop, a licence, a transposed copy, and four without phrases."""
    for name in ("rock", "pop/deep"):
        (folder / name).mkdir(parents=True)
    for number in range(songs):
        home = folder / ("rock" if number % 3 else "pop/deep")
        write_midi(invented(number), home / f"{number:03d}.mid")
    write_midi(transposed(invented(3), 12), folder / "pop" / "copy.MID")
    write_midi(song([(0, 3, 4)], piano=scale(8, beats=3)), folder / "rock" / "waltz.mid")
    write_midi(song(piano=scale(8)), folder / "rock" / "solo.mid")
    (folder / "rock" / "broken.mid").write_bytes(b"MThd, or so it says")
    (folder / "rock" / "shopping.midi").write_text("bread\nbutter\n")
    (folder / "rock" / "LICENSE.txt").write_text("Play it as you like.\n")
    (folder / "rock" / "notes.txt").write_text("no music\n")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of each file of a folder."""
    return {item.name: item.read_bytes() for item in sorted(folder.iterdir())}
