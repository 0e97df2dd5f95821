import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.midi import write_midi
from musegan.models.store import save_model
from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track
from tests.models.timbres.toys import HITS, SPEC, toy_hit_generator, toy_timbre_generator


def inspect(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["inspect", *map(str, arguments)])


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Eight bars at 120 then 60, sixteen and sixteen seconds."""
    melody = [(480 * beat, 480, 60 + beat % 12, 90) for beat in range(32)]
    tracks = (
        Track(Notes.of(melody), 73, name="MELODY"),
        Track(Notes.of([(0, 60, 36, 90), (480, 60, 38, 90)]), is_drum=True),
        Track(Notes.of([(0, 60, 61, 90)]), 127, name="bang"),
    )
    tempos, meters = (Tempo(0, 120), Tempo(480 * 16, 60)), (Meter(0, 4, 4),)
    path = tmp_path / "song.mid"
    write_midi(Multitrack(tracks, 480, tempos, meters, (Key(0, 6, True),)), path)
    return path


def test_a_song_is_told_in_plain_text(song: Path) -> None:
    result = inspect(song)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == str(song)
    assert [line.split(maxsplit=1)[1] for line in lines[1:6]] == [
        "0:24, 8 bars, 35 notes",
        "4/4",
        "60-120 bpm",
        "D# minor",
        "2 of 4 bars side by side",
    ]
    table = [line.split() for line in lines[7:]]
    assert table[0] == ["track", "instrument", "notes", "range", "place", "in", "band"]
    assert table[1] == ["MELODY", "flute", "32", "C4", "-", "B4", "lead"]
    assert table[2] == ["-", "drums", "2", "drums"]
    assert table[3][:7] == ["bang", "gunshot", "1", "C#4", "-", "C#4", "none:"]


def test_names_that_are_not_utf_8_are_told_as_they_are_meant(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    write_midi(Multitrack((Track(Notes.of([(0, 480, 60, 90)]), name="???"),), 480), path)
    path.write_bytes(path.read_bytes().replace(b"???", "Бас".encode("cp1251")))
    assert "\n  Бас  " in inspect(path).stdout


def test_one_bar_and_one_note_are_told_as_one(tmp_path: Path) -> None:
    write_midi(Multitrack((Track(Notes.of([(0, 480, 60, 90)])),), 480), tmp_path / "short.mid")
    assert ", 1 bar, 1 note\n" in inspect(tmp_path / "short.mid").stdout


def test_a_pick_up_is_told(tmp_path: Path) -> None:
    melody = Notes.of([(480 * beat, 480, 60 + beat % 12, 90) for beat in range(9)])
    meters = (Meter(0, 1, 4), Meter(480, 4, 4))
    write_midi(Multitrack((Track(melody),), 480, meters=meters), tmp_path / "a.mid")
    assert ", 3 bars, the first a pick-up, 9 notes\n" in inspect(tmp_path / "a.mid").stdout


def test_a_song_is_told_as_json(song: Path) -> None:
    told = json.loads(inspect(song, "--json").stdout)
    assert (told["seconds"], told["bars"], told["notes"]) == (24.0, 8, 35)
    assert told["tempos"] == [120.0, 60.0]
    assert [track["place"] for track in told["tracks"]] == ["lead", "drums", None]
    assert told["tracks"][0]["range"] == [60, 71]
    assert told["tracks"][2]["no_place_because"]


def test_why_a_song_has_no_phrases_is_told(tmp_path: Path) -> None:
    track = Track(Notes.of([(0, 480, 60, 90)]), name="piano")
    write_midi(Multitrack((track,), 480, meters=(Meter(0, 3, 4),)), tmp_path / "a.mid")
    assert "phrases  none: no 4 bars of 4/4" in inspect(tmp_path / "a.mid").stdout
    far = Track(Notes.of([(0, 480, 60, 90), (40 * 1920, 480, 60, 90)]), name="piano")
    write_midi(Multitrack((far,), 480), tmp_path / "b.mid")
    assert "phrases  none: no 4 bars in which" in inspect(tmp_path / "b.mid").stdout


def test_a_song_is_drawn(song: Path, tmp_path: Path) -> None:
    assert inspect(song, "--png", tmp_path / "song.png").exit_code == 0
    assert (tmp_path / "song.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_is_there_is_replaced_only_if_told(song: Path, tmp_path: Path) -> None:
    picture = tmp_path / "song.png"
    picture.write_bytes(b"mine")
    result = inspect(song, "--png", picture)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {picture}: is there already and would change")
    assert picture.read_bytes() == b"mine"
    for more in (("--overwrite",), ()):
        assert inspect(song, "--png", picture, *more).exit_code == 0


def test_an_ensemble_of_ones_own_is_asked(song: Path, tmp_path: Path) -> None:
    text = "name: duo\ntracks: [{name: tune}]\nrules: [{track: tune, programs: [73]}]"
    (tmp_path / "duo.yaml").write_text(text)
    told = json.loads(inspect(song, "--ensemble", tmp_path / "duo.yaml", "--json").stdout)
    assert [track["place"] for track in told["tracks"]] == ["tune", None, None]


def test_a_folder_is_a_line_a_song_and_its_bad_files_are_told(midi_folder: Path) -> None:
    result = inspect(midi_folder)
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["file", "length", "bars", "meter", "tempo", "phrases", "tracks"]
    assert len(lines) == 10
    good = next(line for line in lines if line.startswith("rock/song-0.mid"))
    assert "16  4/4" in good
    assert good.endswith("drums, bass, piano, lead")
    bad = next(line for line in lines if line.startswith("pop/notes.mid"))
    assert bad.endswith("not a MIDI file (it has no MThd header); give a .mid file")
    assert result.exit_code == 3
    assert result.stderr == f"musegan: {midi_folder}: 1 of 9 files cannot be read\n"


def test_a_folder_is_told_as_json(midi_folder: Path) -> None:
    told = json.loads(inspect(midi_folder, "--json").stdout)
    assert len(told) == 9
    assert sum("problem" in song for song in told) == 1


def test_a_dataset_is_told(midi_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "dataset"
    arguments = ["prepare", "midi", str(midi_folder), str(out), "--quiet"]
    assert CliRunner().invoke(main, arguments).exit_code in (0, 3)
    result = inspect(out)
    facts = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line}
    told = json.loads(inspect(out / "dataset.json", "--json").stdout)
    assert facts["phrases"][:4] == [f"{told['phrases']:,}", "of", "4", "bars"]
    assert facts["ensemble"][0] == "band:"
    assert facts["files"][:4] == ["9,", "1", "of", "them"]
    assert facts["pop"] == [str(told["styles"]["pop"][column]) for column in ("phrases", "songs")]
    assert told["licences"] == {"not told": 9}
    assert "sources" not in told


def test_a_model_is_told(tiny_model: Path) -> None:
    result = inspect(tiny_model)
    facts = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert facts["model"] == "tiny"
    assert facts["grid"] == "4/4, 12 steps a beat"
    assert facts["styles"] == "rock (140 bpm), pop (100 bpm)"
    told = json.loads(inspect(tiny_model / "model.json", "--json").stdout)
    assert told["bytes"] == sum(file.stat().st_size for file in tiny_model.iterdir())
    assert told["styles"] == ["rock", "pop"]


def test_a_training_is_told_by_its_model(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "model").symlink_to(tiny_model)
    assert inspect(tmp_path).stdout == inspect(tiny_model).stdout


def test_a_broken_model_and_a_missing_path_end_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{")
    for path, complaint in (
        (tmp_path, "not a model description"),
        (tmp_path / "none", "no such file or folder; check the name"),
    ):
        result = inspect(path)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert complaint in result.stderr


def test_what_is_told_of_otherwise_is_pointed_to(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / "shard-00000.parquet").write_bytes(b"")
    for path, complaint in (
        (tmp_path / "a.wav", "a sound, not a MIDI file; see it with `musegan plot`"),
        (tmp_path / "begun", "begun and not finished; give the same `musegan prepare` command"),
    ):
        result = inspect(path)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert complaint in result.stderr


def test_only_a_song_can_be_drawn(tiny_model: Path, tmp_path: Path) -> None:
    result = inspect(tiny_model, "--png", tmp_path / "a.png")
    assert result.exit_code == 2
    assert "--png draws a MIDI file" in result.stderr


def test_a_model_of_timbres_is_told(tmp_path: Path) -> None:
    save_model(tmp_path / "notes", toy_timbre_generator(), SPEC)
    save_model(tmp_path / "hits", toy_hit_generator(), HITS)
    result = inspect(tmp_path / "notes")
    assert result.exit_code == 0, result.output
    lines = [line.split(maxsplit=1) for line in result.stdout.splitlines() if line]
    assert ["makes", "notes of 0.512 s"] in lines
    assert ["drawn", "as  16 partials and 16 bands of noise, 32 frames"] in lines
    assert ["flute", "C4 - C6"] in lines
    told = inspect(tmp_path / "hits").stdout
    assert "makes     hits of 1.024 s" in told
    assert "C4" not in told
    assert json.loads(inspect(tmp_path / "notes", "--json").stdout)["ranges"]["horn"] == [36, 72]
