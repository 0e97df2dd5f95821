import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result

from musegan.cli import main
from musegan.data.store import load_dataset
from musegan.midi import write_midi
from tests.data.music import invented, scale, song
from tests.pipelines.corpus import contents, write_corpus
from tests.pipelines.recordings import tone


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("cli") / "corpus", songs=9)


@pytest.fixture
def songs(tmp_path) -> Path:
    """Three songs, all of them readable."""
    folder = tmp_path / "songs"
    folder.mkdir()
    for seed in range(3):
        write_midi(invented(seed), folder / f"{seed}.mid")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["prepare", "midi", *map(str, arguments)])


def test_a_folder_becomes_a_dataset(songs, tmp_path):
    done = run(songs, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    loaded = load_dataset(tmp_path / "out")
    assert len(loaded) == 15
    assert loaded.bars == 4
    assert loaded.ensemble.name == "band"
    assert loaded.styles == ("songs",)
    assert "15 phrases of 4 bars from 3 songs (train " in done.stderr
    assert "0 repeats dropped" in done.stderr


def test_options_reach_the_dataset(corpus, tmp_path):
    done = run(
        corpus, tmp_path / "out", "--bars", 2, "--hop", 2, "--min-tracks", 3, "--min-notes", 12,
        "--steps-per-beat", 24, "--valid", 0, "--test", 0, "--style", "rock", "--licence", "CC0",
        "--workers", 1, "--json",
    )  # fmt: skip
    about = json.loads(done.stdout)
    assert about["settings"]["grid"]["steps_per_beat"] == 24
    asked = {name: about["settings"][name] for name in ("bars", "hop", "min_tracks", "min_notes")}
    assert asked == {"bars": 2, "hop": 2, "min_tracks": 3, "min_notes": 12}
    assert about["splits"] == {"train": about["phrases"], "valid": 0, "test": 0}
    assert list(about["styles"]) == ["rock"]
    entries = json.loads((tmp_path / "out" / "dataset.json").read_text())["sources"]
    assert {entry["licence"] for entry in entries} == {"CC0"}


def test_other_meters_and_ensembles_can_be_asked_for(tmp_path):
    (tmp_path / "songs").mkdir()
    write_midi(song([(0, 3, 4)], harp=scale(9, beats=3)), tmp_path / "songs" / "waltz.mid")
    (tmp_path / "harp.yaml").write_text(
        "name: harp\ntracks:\n  - {name: harp, program: 46, range: [24, 103]}\n"
        "rules:\n  - {track: harp, name: harp}\n"
    )
    done = run(
        tmp_path / "songs", tmp_path / "out", "--meter", "3/4", "--ensemble", tmp_path / "harp.yaml"
    )
    assert done.exit_code == 0, done.output
    loaded = load_dataset(tmp_path / "out")
    assert loaded.grid.beats_per_bar == 3
    assert loaded.ensemble.names == ("harp",)


def test_styles_come_from_a_table(songs, tmp_path):
    table = tmp_path / "styles.csv"
    table.write_text("file,style\n0.mid,blues\n2.mid,jazz/bebop\n")
    done = run(songs, tmp_path / "out", "--style-csv", table)
    assert done.exit_code == 3, done.output
    assert load_dataset(tmp_path / "out").styles == ("blues", "jazz")
    last = done.stderr.strip().splitlines()[-1]
    assert "left out 1 file without a label; " in last
    assert "cannot be read" not in done.stderr
    assert "1.mid,has no style" in (tmp_path / "out" / "skipped.csv").read_text()


def test_a_batch_with_unreadable_files_goes_on_and_says_so_at_the_end(corpus, tmp_path):
    done = run(corpus, tmp_path / "out", "--min-tracks", 2)
    assert done.exit_code == 3
    lines = done.stderr.strip().splitlines()
    assert lines[-1] == (
        f"musegan: {tmp_path / 'out'}: left out 2 files that cannot be read; "
        f"{tmp_path / 'out' / 'skipped.csv'} tells why"
    )
    assert "4 of 14 files gave none" in done.stderr
    assert len(load_dataset(tmp_path / "out")) > 0


def test_quiet_says_only_what_went_wrong(corpus, songs, tmp_path):
    assert run(songs, tmp_path / "out", "--quiet").output == ""
    done = run(corpus, tmp_path / "bad", "--quiet")
    assert done.output.count("\n") == 1
    assert "cannot be read" in done.output


def test_as_many_styles_as_songs_are_a_warning(tmp_path):
    for number in range(65):
        (tmp_path / "songs" / f"{number}").mkdir(parents=True)
        write_midi(invented(number, bars=1), tmp_path / "songs" / f"{number}" / "a.mid")
    done = run(tmp_path / "songs", tmp_path / "out", "--bars", 1)
    assert done.exit_code == 0, done.output
    assert "65 styles, one for each folder" in done.stderr
    assert "--style NAME --overwrite" in done.stderr


def test_a_run_begun_with_other_options_needs_overwrite(songs, tmp_path):
    assert run(songs, tmp_path / "out").exit_code == 0
    refused = run(songs, tmp_path / "out", "--hop", 4)
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"musegan: {tmp_path / 'out'}: was begun with --hop 1, not 4; start over with --overwrite\n"
    )
    assert run(songs, tmp_path / "out", "--hop", 4, "--overwrite").exit_code == 0


@pytest.mark.parametrize(
    ("valid", "lacking"),
    [
        (0.999, "nothing to train on, so `train` will fail; lower --valid and --test and prepare"),
        (0, "nothing is held out, so `evaluate` and `compare` will fail; add files, or raise"),
    ],
)
def test_a_split_that_is_lacking_is_told(songs, tmp_path, valid, lacking):
    done = run(songs, tmp_path / "out", "--valid", valid, "--test", 0)
    assert done.exit_code == 0
    assert done.stderr.splitlines()[-1].startswith(f"{tmp_path / 'out'}: {lacking}")
    assert "will fail" not in run(songs, tmp_path / "half", "--valid", 0.5).stderr


def test_where_nothing_was_found_the_next_try_may_be_another(songs, tmp_path):
    refused = run(songs, tmp_path / "out", "--meter", "5/16", "--quiet")
    assert refused.exit_code == 1
    assert "no file gave phrases: 3 × no 4 bars of 5/16 in a row" in refused.stderr
    assert [item.name for item in (tmp_path / "out").iterdir()] == ["skipped.csv"]
    assert run(songs, tmp_path / "out").exit_code == 0
    refused = run(songs, tmp_path / "out", "--meter", "5/16", "--quiet")
    assert "was begun with --meter 4/4, not 5/16; start over with --overwrite" in refused.stderr


def test_a_dataset_of_another_kind_is_told(songs, tmp_path):
    assert run(songs, tmp_path / "out").exit_code == 0
    soundfile.write(tmp_path / "songs" / "a.wav", tone(60), 22_050)
    audio = ["prepare", "audio", str(songs), str(tmp_path / "out")]
    refused = CliRunner().invoke(main, audio)
    assert refused.exit_code == 1
    assert "out: was begun as a dataset of another kind; start over with" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["absent", "out"], "absent: no such folder"),
        (["a.mid", "out"], "a.mid: is a file; give the folder it lies in"),
        (["empty", "out"], "empty: no MIDI files under it (.mid, .midi, .kar)"),
        (["bad", "out"], "no file gave phrases: 1 × not a MIDI file (it has no MThd header)"),
        (["songs", "a.mid"], "a.mid: is a file; give a folder for the dataset"),
        (["songs", "."], ".: holds something else (a.mid); give a new folder"),
        (["songs", "out", "--ensemble", "quartet"], "no ensemble 'quartet': there are band"),
        (["songs", "out", "--style-csv", "none.csv"], "none.csv: No such file or directory"),
        (["songs", "out", "--bars", "99"], "99 bars of 48 steps are too long for a phrase"),
        (["songs", "out", "--meter", "4/5"], "'4/5' is not a meter such as 4/4 or 6/8"),
        (["songs", "out", "--meter", "33/4"], "--meter 33/4: beats_per_bar must lie in 1..32"),
        (["songs", "out", "--valid", "nan"], "shares that leave some to train on"),
        (["songs", "out", "--style", "  "], "a style of blanks: give it a name, or leave it out"),
        (["songs", "out", "--valid", "0.5", "--test", "0.5"], "shares that leave some to train on"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments, told, songs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_midi(invented(1), tmp_path / "a.mid")
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "x.mid").write_text("no music")
    done = run(*arguments, "--quiet")
    assert done.exit_code == 1
    assert done.output.startswith("musegan: ")
    assert done.output.count("\n") == 1
    assert told in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["songs"],
        ["songs", "out", "--bars", "0"],
        ["songs", "out", "--style", "a", "--style-csv", "b.csv"],
    ],
)
def test_wrong_usage_exits_with_2(arguments):
    assert run(*arguments).exit_code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_one_line(songs, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    done = run(songs, tmp_path / "locked" / "out")
    assert done.exit_code == 1
    assert "Permission denied" in done.output


def test_ctrl_c_stops_in_one_line_and_the_run_goes_on_later(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", songs=300)
    command = ["prepare", "midi", str(corpus), str(tmp_path / "out")]
    program = [sys.executable, "-B", "-c", "from musegan.cli import main; main()", *command]
    environment = os.environ | {"COLUMNS": "80"}
    stopped = subprocess.Popen(program, stderr=subprocess.PIPE, text=True, env=environment)
    limit = time.monotonic() + 60
    while not (tmp_path / "out" / "shard-00000.parquet").exists() and time.monotonic() < limit:
        time.sleep(0.005)
    stopped.send_signal(signal.SIGINT)
    _, told = stopped.communicate(timeout=60)
    assert stopped.returncode == 130, told
    assert told.strip().splitlines()[-1] == (
        f"musegan: {tmp_path / 'out'}: stopped; the same command goes on from here"
    )
    assert "Traceback" not in told
    assert CliRunner().invoke(main, command).exit_code == 3
    assert run(corpus, tmp_path / "whole").exit_code == 3
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_help_shows_examples():
    done = CliRunner().invoke(main, ["prepare", "midi", "--help"])
    assert "musegan prepare midi groove/ drums/ --style-csv groove/info.csv --bars 2" in done.output
    assert "midi" in CliRunner().invoke(main, ["prepare", "--help"]).output
