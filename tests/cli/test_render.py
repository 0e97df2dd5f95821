import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.midi import write_midi
from musegan.song import Multitrack, Notes, Track


def render(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["render", *map(str, arguments)])


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mid"
    write_midi(Multitrack((Track(Notes.of([(0, 480, 60, 90)]), name="piano"),), 480), path)
    return path


@pytest.fixture
def folder(song: Path) -> Path:
    folder = song.parent / "songs"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.mid", "sub/b.mid"):
        (folder / name).write_bytes(song.read_bytes())
    return folder


def test_a_song_becomes_a_wav_in_a_folder(song: Path, tmp_path: Path) -> None:
    result = render(song, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == "wrote 1 file, 1.4 seconds of sound"
    samples, rate = soundfile.read(tmp_path / "out" / "song.wav")
    assert rate == 48_000
    assert 20 * np.log10(np.abs(samples).max()) == pytest.approx(-1, abs=0.01)


def test_a_song_becomes_the_file_that_is_named(song: Path, tmp_path: Path) -> None:
    result = render(song, "--out", tmp_path / "x.FLAC", "--sample-rate", "22050", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert soundfile.info(tmp_path / "x.FLAC").samplerate == 22_050
    assert render(song, "--out", tmp_path / "x.png").exit_code == 0
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert render(song, "--out", tmp_path / "y.PNG", "--format", "png").exit_code == 0
    assert (tmp_path / "y.PNG").is_file()


def test_an_ending_that_cannot_be_written_is_told(song: Path, tmp_path: Path) -> None:
    result = render(song, "--out", tmp_path / "x.mp3")
    told = f"{tmp_path / 'x.mp3'}: ends in none of wav, flac, ogg, png, which can be written"
    assert (result.exit_code, result.stderr) == (1, f"musegan: {told}\n")
    assert not (tmp_path / "x.mp3").exists()


def test_a_folder_becomes_sounds_pictures_and_a_sheet(folder: Path, tmp_path: Path) -> None:
    out, sheet = tmp_path / "out", tmp_path / "all.png"
    result = render(folder, "--out", out, "--format", "ogg, png", "--sheet", sheet, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {Path(path) for path in told["written"]} == {
        out / f"{name}.{kind}" for name in ("a", "sub/b") for kind in ("ogg", "png")
    }
    assert all(Path(path).stat().st_size for path in told["written"])
    assert told["seconds"] > 1
    assert told["left_out"] == []
    assert sheet.read_bytes().startswith(b"\x89PNG")


def test_too_many_songs_for_a_sheet_are_told_before_any_is_rendered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.render_batch.MOST_ON_A_SHEET", 1)
    result = render(folder, "--out", tmp_path / "out", "--sheet", tmp_path / "all.png")
    assert result.exit_code == 1
    assert "2 songs, more than a contact sheet holds (1)" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_bad_file_in_a_batch_is_named_and_the_exit_code_is_3(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "z.mid").write_text("milk")
    result = render(folder, "--out", tmp_path / "out", "--workers", "1", "--json")
    assert result.exit_code == 3
    assert [Path(path).name for path in json.loads(result.stdout)["written"]] == ["a.wav", "b.wav"]
    assert json.loads(result.stdout)["left_out"][0]["file"] == str(folder / "z.mid")
    *_, why, last = result.stderr.splitlines()
    assert why.startswith(f"musegan: {folder / 'z.mid'}: not a MIDI file")
    assert last == "musegan: left out 1 of 3 songs"


def test_a_rendering_that_is_there_is_replaced_only_if_told(folder: Path, tmp_path: Path) -> None:
    wish = (folder, "--out", tmp_path / "out", "--workers", "1", "--quiet")
    sheet = ("--sheet", tmp_path / "all.png")
    for _ in range(2):
        assert render(*wish, "--format", "wav,png", *sheet).exit_code == 0
    made = (tmp_path / "out" / "a.wav").read_bytes()
    (folder / "c.mid").write_bytes((folder / "a.mid").read_bytes())
    result = render(*wish, "--sample-rate", "22050")
    assert result.exit_code == 3
    assert f"musegan: {tmp_path / 'out' / 'a.wav'}: is there already" in result.stderr
    assert result.stderr.endswith("left out 2 of 3 songs\n")
    assert (tmp_path / "out" / "a.wav").read_bytes() == made
    assert f"{tmp_path / 'all.png'}: is there" in render(*wish, "--format", "png", *sheet).stderr
    assert render(*wish, "--sample-rate", "22050", *sheet, "--overwrite").exit_code == 0
    assert (tmp_path / "out" / "a.wav").read_bytes() != made


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--format", "mp3"], "no format 'mp3': there are wav, flac, ogg, png"),
        (["--soundfont", "none.sf2"], "none.sf2: no such SoundFont; check the name"),
        (["--synth", "moog"], "no synthesiser 'moog'"),
        (["--sample-rate", "12"], "a sample rate of 12: it lies in 8,000 to 192,000"),
    ],
)
def test_wrong_wishes_end_in_one_line(
    song: Path, tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    result = render(song, "--out", tmp_path / "out", *arguments)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert complaint in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_soundfont_that_is_none_ends_in_one_line(song: Path, tmp_path: Path) -> None:
    result = render(song, "--out", tmp_path / "out", "--soundfont", song)
    assert result.exit_code == 1
    assert result.stderr == f"musegan: {song}: not a SoundFont; give a .sf2 file\n"


def test_one_file_that_cannot_be_used_ends_in_one_line(tmp_path: Path) -> None:
    result = render(tmp_path / "none.mid", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr == f"musegan: {tmp_path / 'none.mid'}: no such file; check the name\n"


def test_a_file_that_cannot_be_what_is_asked_for_ends_in_one_line(
    song: Path, folder: Path, tmp_path: Path
) -> None:
    for arguments, said in (
        ([song, song], "a file, and those are for one song; name a folder"),
        ([folder], "a file, and those are for one song; name a folder"),
        ([song, "--format", "ogg"], "ends in wav, but the format is to be ogg; name it x.ogg"),
    ):
        result = render(*arguments, "--out", tmp_path / "x.wav")
        assert result.exit_code == 1
        assert result.stderr.startswith(f"musegan: {tmp_path / 'x.wav'}: {said}")


def test_help_has_examples() -> None:
    result = render("--help")
    assert result.exit_code == 0
    assert "musegan render song.mid --out song.flac --sample-rate 44100" in result.stdout


def test_timbres_play_what_is_asked(song: Path, tmp_path: Path) -> None:
    from musegan.models.store import save_model
    from tests.models.timbres.toys import SPEC, toy_timbre_generator

    save_model(tmp_path / "model", toy_timbre_generator(), SPEC)
    plain, played = tmp_path / "plain.wav", tmp_path / "played.wav"
    assert render(song, "--out", plain, "--quiet").exit_code == 0
    cast = ("--timbre", "saw:0.5,flute:0.5", "--timbre-model", tmp_path / "model")
    done = render(song, "--out", played, *cast, "--drift", "0.5", "--quiet")
    assert done.exit_code == 0, done.stderr
    assert plain.read_bytes() != played.read_bytes()
    done = render(song, "--out", played, *cast, "--timbre", "oboe", "--quiet")
    assert done.exit_code == 1
    assert "no instrument 'oboe': toy knows flute, horn, saw" in done.stderr


def test_songs_without_the_track_of_a_timbre_are_played_as_they_are(tmp_path: Path) -> None:
    lead, bass = (Track(Notes.of([(0, 20, 50, 90)]), name=name) for name in ("lead", "bass"))
    for name, track in (("a", bass), ("b", lead)):
        write_midi(Multitrack((track,), 480), tmp_path / f"{name}.mid")
    cast = ("--out", tmp_path / "out", "--sample-rate", "16000", "--timbre", "lead=cello")
    done = render(tmp_path, *cast)
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "out" / "a.wav").is_file()
    assert "a.mid: no 'lead', so no track is played with cello" in done.stderr
    done = render(tmp_path / "a.mid", *cast)
    assert done.exit_code == 1
    assert "no track or part 'lead' in the song: it has 1 'bass' (bass)" in done.stderr


def test_drums_are_played_with_hits(tmp_path: Path) -> None:
    beat = Track(Notes.of([(0, 20, 36, 100), (480, 20, 38, 100), (480, 20, 42, 60)]), is_drum=True)
    path = tmp_path / "beat.mid"
    write_midi(Multitrack((beat,), 480), path)
    done = render(path, "--out", tmp_path / "hits.wav", "--drums", "hits", "--sample-rate", "16000")
    assert done.exit_code == 0, done.output
    render(path, "--out", tmp_path / "font.wav", "--sample-rate", "16000")
    hits, font = (soundfile.read(tmp_path / f"{name}.wav")[0][:8000] for name in ("hits", "font"))
    size = min(len(hits), len(font))
    assert np.abs(hits[:size] - font[:size]).max() > 0.1
    played = ("--out", tmp_path / "x.wav", "--sample-rate", "16000", "--timbre", "violin", "--json")
    done = render(path, *played)
    remark = f"{path}: only drums, so no track is played with violin"
    assert done.exit_code == 0
    assert json.loads(done.stdout)["remarks"] == [remark]
    assert remark in done.stderr
    done = render(path, "--out", tmp_path / "x.wav", "--drums", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "no model here" in done.stderr
