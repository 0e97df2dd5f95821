from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musegan.errors import MuseganError
from musegan.midi import write_midi
from musegan.rendering.wave import Sound
from musegan.song import Multitrack, Notes, Track
from pipelines.render_batch import (
    check_sheet,
    draw_contact_sheet,
    plan,
    render_file,
    render_files,
)

SOUND = Sound(sample_rate=16_000)


def little(pitch: int) -> Multitrack:
    return Multitrack((Track(Notes.of([(0, 240, pitch, 90)]), name="piano"),), 480)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three songs, one of them in a folder, and a file that is no MIDI."""
    source = tmp_path / "midi"
    (source / "sub").mkdir(parents=True)
    for pitch, name in ((60, "a.mid"), (64, "b.mid"), (67, "sub/c.MID")):
        write_midi(little(pitch), source / name)
    (source / "a-shopping-list.mid").write_text("milk")
    return source


def test_files_lie_where_they_lay(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcomes = list(render_files(plan([folder], out, ["wav", "png"], SOUND), 1))
    made = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    assert made == {f"{name}.{kind}" for name in ("a", "b", "sub/c") for kind in ("wav", "png")}
    assert made == {p.relative_to(out).as_posix() for o in outcomes for p in o.written}


def test_a_bad_file_does_not_stop_the_others(folder: Path, tmp_path: Path) -> None:
    outcomes = list(render_files(plan([folder], tmp_path / "out", ["wav"], SOUND), 1))
    problems = [outcome.problem for outcome in outcomes]
    assert [bool(problem) for problem in problems] == [True, False, False, False]
    assert problems[0].startswith(f"{folder / 'a-shopping-list.mid'}: not a MIDI file")
    assert [outcome.seconds > 0.2 for outcome in outcomes] == [False, True, True, True]


def test_the_number_of_workers_changes_nothing(folder: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "one", tmp_path / "two"]
    for workers, out in enumerate(outs, 1):
        outcomes = list(render_files(plan([folder], out, ["ogg"], SOUND), workers))
        assert [o.source.name for o in outcomes][1:3] == ["a.mid", "b.mid"]
    for name in ("a.ogg", "b.ogg", "sub/c.ogg"):
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()


def test_one_rendering_serves_all_formats(folder: Path, tmp_path: Path) -> None:
    (job,) = plan([folder / "a.mid"], tmp_path, ["wav", "flac"], SOUND)
    outcome = render_file(job)
    wav, flac = (soundfile.read(path)[0] for path in outcome.written)
    assert np.array_equal(wav, flac)
    assert outcome.seconds == pytest.approx(len(wav) / 16_000)


def test_what_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (job,) = plan([folder / "a.mid"], tmp_path, ["wav"], SOUND)
    (tmp_path / "file").write_text("in the way")
    outcome = render_file(replace(job, targets=(tmp_path / "file" / "a.wav",)))
    assert outcome.written == ()
    assert outcome.problem.startswith(f"{tmp_path / 'file'}: cannot be written (")


def test_sound_that_is_not_written_does_not_count(folder: Path, tmp_path: Path) -> None:
    (job,) = plan([folder / "a.mid"], tmp_path, ["wav"], SOUND)
    job.targets[0].mkdir()
    outcome = render_file(job)
    assert outcome.problem
    assert outcome.seconds == 0


def test_two_files_of_one_name_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    write_midi(little(50), tmp_path / "other" / "a.mid")
    with pytest.raises(MuseganError, match=r"would both become .*a\.wav; render them one by one"):
        plan([folder, tmp_path / "other" / "a.mid"], tmp_path / "out", ["wav"], SOUND)


def test_the_same_file_twice_is_rendered_once(folder: Path, tmp_path: Path) -> None:
    source = folder / "a.mid"
    assert len(plan([source, source, source], tmp_path, ["wav"], SOUND)) == 1


@pytest.mark.parametrize(
    ("formats", "sound", "complaint"),
    [
        (["mp3"], SOUND, "no format 'mp3': there are wav, flac, ogg, png"),
        ([], SOUND, "no format to write: there are"),
        (["wav"], Sound(Path("none.sf2")), "none.sf2: no such SoundFont"),
        (["wav"], Sound(sample_rate=1), "a sample rate of 1"),
        (["wav"], Sound(synth="moog"), "no synthesiser 'moog'"),
    ],
)
def test_wrong_wishes_are_told_before_any_work(
    folder: Path, tmp_path: Path, formats: list[str], sound: Sound, complaint: str
) -> None:
    with pytest.raises(MuseganError, match=complaint):
        plan([folder], tmp_path, formats, sound)


def test_an_ending_tells_a_file_from_a_folder(folder: Path, tmp_path: Path) -> None:
    song = folder / "a.mid"

    def targets(out: str, formats: list[str] | None = None) -> list[str]:
        (job,) = plan([song], tmp_path / out, formats, SOUND)
        return [path.relative_to(tmp_path).as_posix() for path in job.targets]

    (tmp_path / "take.2").mkdir()
    assert targets("take.2") == ["take.2/a.wav"]
    assert targets("take", ["ogg"]) == ["take/a.ogg"]
    assert targets("take.OGG") == ["take.OGG"]
    assert targets("take.ogg", ["png", "ogg"]) == ["take.ogg", "take.png"]
    with pytest.raises(MuseganError, match=r"take\.mp3: ends in none of wav, flac, ogg, png"):
        targets("take.mp3")
    with pytest.raises(MuseganError, match=r"x\.wav: ends in wav, but the format is to be flac"):
        targets("x.wav", ["flac"])


def test_a_file_is_for_one_song(folder: Path, tmp_path: Path) -> None:
    for sources in ([folder], [folder / "a.mid", folder / "b.mid"]):
        with pytest.raises(MuseganError, match=r"x\.wav: a file, .* one song; name a folder"):
            plan(sources, tmp_path / "x.wav", None, SOUND)


def test_pictures_need_no_soundfont(folder: Path, tmp_path: Path) -> None:
    assert len(plan([folder], tmp_path, ["png"], Sound(Path("none.sf2")))) == 4


def test_a_contact_sheet_shows_what_can_be_read_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captions: list[str] = []
    monkeypatch.setattr(
        "pipelines.render_batch.contact_sheet", lambda songs, path, names: captions.extend(names)
    )
    draw_contact_sheet([folder, folder], tmp_path / "all.png")
    assert captions == ["a", "b", "sub/c"]


def test_a_contact_sheet_of_far_too_many_songs_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = plan([folder], tmp_path, ["wav"], SOUND)
    check_sheet(jobs)
    monkeypatch.setattr("pipelines.render_batch.MOST_ON_A_SHEET", 3)
    with pytest.raises(MuseganError, match=r"4 songs, more than a contact sheet holds \(3\)"):
        check_sheet(jobs)
