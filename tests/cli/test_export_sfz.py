import json
from pathlib import Path

from click.testing import CliRunner

from musegan.cli import main
from musegan.models.store import save_model
from tests.models.timbres.toys import SPEC, toy_timbre_generator


def run(*words: object):
    return CliRunner().invoke(main, ["export-sfz", *map(str, words)])


def test_an_instrument_is_written_for_samplers(tmp_path):
    save_model(tmp_path / "model", toy_timbre_generator(), SPEC)
    options = ("--model", tmp_path / "model", "--every", 24, "--out", tmp_path / "out")
    result = run("flute:0.5,horn:0.5", *options, "--json", "--quiet")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert Path(told["sfz"]).name == "flute0.5+horn0.5.sfz"
    assert told["samples"] == len(list((tmp_path / "out").rglob("*.wav"))) == 9


def test_an_instrument_that_is_there_is_replaced_only_if_told(tmp_path):
    save_model(tmp_path / "model", toy_timbre_generator(), SPEC)
    options = ("--model", tmp_path / "model", "--every", 24, "--out", tmp_path / "out", "--quiet")
    for _ in range(2):
        assert run("flute", *options).exit_code == 0
    sfz = tmp_path / "out" / "flute.sfz"
    sfz.write_text("// mine")
    result = run("flute", *options)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"musegan: {sfz}: is there already and would change")
    assert sfz.read_text() == "// mine"
    assert run("flute", *options, "--overwrite").exit_code == 0
    assert "<region>" in sfz.read_text()


def test_an_unknown_instrument_is_told(tmp_path):
    save_model(tmp_path / "model", toy_timbre_generator(), SPEC)
    result = run("oboe", "--model", tmp_path / "model", "--out", tmp_path / "out", "--quiet")
    assert result.exit_code == 1
    assert "no instrument 'oboe': toy knows flute, horn, saw" in result.stderr
    assert not (tmp_path / "out").exists()
