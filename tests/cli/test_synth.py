import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from musegan.cli import main
from musegan.models.store import save_model
from tests.models.timbres.toys import HITS, SPEC, toy_hit_generator, toy_timbre_generator


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("timbres")
    save_model(folder, toy_timbre_generator(), SPEC)
    return str(folder)


def run(*words: object):
    return CliRunner().invoke(main, ["synth", *map(str, words)])


def test_notes_are_written_with_a_sheet(model, tmp_path):
    sheet = tmp_path / "sheet.png"
    options = ("--pitch", "C4-D4", "--seconds", 0.2, "--out", tmp_path / "a", "--sheet", sheet)
    result = run(model, "--instrument", "horn", *options, "--json", "--quiet")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert sorted(Path(path).name for path in told["written"]) == sorted(
        path.name for path in (tmp_path / "a").iterdir()
    )
    assert len(told["written"]) == 3
    assert sheet.is_file()


def test_too_many_notes_for_a_sheet_are_told_before_any_is_made(model, tmp_path):
    words = ("--instrument", "saw", "--players", 61, "--sheet", tmp_path / "sheet.png")
    result = run(model, *words, "--out", tmp_path / "a")
    assert result.exit_code == 1
    assert "61 notes, more than a sheet holds (60)" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_instrument_that_is_named_twice_plays_once(model, tmp_path):
    twice = ("--instrument", "horn", "--instrument", "horn", "--pitch", "C4")
    result = run(model, *twice, "--out", tmp_path / "a")
    assert f"{tmp_path / 'a'}: 1 note\n" in result.stderr


def test_all_instruments_play_unless_said(model, tmp_path):
    result = run(model, "--seconds", 0.1, "--out", tmp_path / "a", "--format", "flac")
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "a").glob("*.flac"))) == 3


def test_the_same_words_give_the_same_bytes(model, tmp_path):
    for name in "ab":
        run(model, "--instrument", "saw", "--seconds", 0.2, "--out", tmp_path / name)
    one, other = (sorted((tmp_path / name).iterdir())[0].read_bytes() for name in "ab")
    assert one == other


def test_a_note_that_is_there_is_replaced_only_if_told(model, tmp_path):
    note, sheet = tmp_path / "a" / "saw-060-C4-0.wav", tmp_path / "sheet.png"
    words = (model, "--instrument", "saw", "--out", tmp_path / "a", "--sheet", sheet)
    for _ in range(2):
        assert run(*words, "--seconds", 0.2).exit_code == 0
    made = note.read_bytes()
    other = (*words, "--seconds", 0.3)
    result = run(*other, "--quiet")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {note}: is there already and would change")
    assert note.read_bytes() == made
    note.unlink()
    assert f"musegan: {sheet}: is there already" in run(*other, "--quiet").stderr
    assert run(*other, "--overwrite").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--instrument", "oboe"), "no instrument 'oboe': toy knows flute, horn, saw"),
        (("--instrument", "flute", "--pitch", "C1"), "C1 (24) is out of the range of flute"),
        (("--pitch", "H2"), "no pitch 'H2'"),
        (("--format", "mp9"), "no format 'mp9'"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(model, tmp_path, words, told):
    result = run(model, *words, "--out", tmp_path / "a", "--quiet")
    assert result.exit_code == 1
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_model_of_phrases_is_told(tiny_model, tmp_path):
    result = run(tiny_model, "--out", tmp_path)
    assert result.exit_code == 1
    assert "a model of phrases, where one of timbres is needed" in result.stderr


def test_help_shows_examples():
    result = run("--help")
    assert result.exit_code == 0
    assert "musegan synth --instrument cello --pitch C3-C5" in result.stdout


def test_hits_have_no_pitch_and_one_for_each_player(tmp_path):
    save_model(tmp_path / "model", toy_hit_generator(), HITS)
    options = ("--instrument", "kick", "--players", 2, "--out", tmp_path / "a")
    result = run(tmp_path / "model", *options, "--quiet")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["kick-0.wav", "kick-1.wav"]
    result = run(tmp_path / "model", *options, "--pitch", "C4")
    assert result.exit_code == 1
    assert result.stderr == "musegan: toy-hits: hits have no pitch; leave out the pitches\n"


def test_what_an_instrument_does_not_reach_is_named_and_the_exit_code_is_3(model, tmp_path):
    words = ("--instrument", "horn", "--pitch", "B1,C2", "--seconds", 0.1, "--out", tmp_path)
    result = run(model, *words, "--json", "--quiet")
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert [Path(path).name for path in told["written"]] == ["horn-036-C2-0.wav"]
    assert told["left_out"] == ["B1 (35) is out of the range of horn: C2-C5 (36-72)"]
    assert result.stderr == f"musegan: {told['left_out'][0]}\n"


def test_every_instrument_of_the_model_that_ships_is_heard_with_a_word(tmp_path):
    result = run("--seconds", 0.05, "--out", tmp_path, "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert len(list(tmp_path.iterdir())) == 24
    assert (tmp_path / "sven-ah-049-C#3-0.wav").is_file()
