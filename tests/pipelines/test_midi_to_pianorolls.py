import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musegan.data.cutting import Cut
from musegan.data.dedupe import phrase_hashes
from musegan.data.store import load_dataset
from musegan.errors import MuseganError
from musegan.midi import write_midi
from musegan.pianoroll import Grid
from pipelines import midi_to_pianorolls
from pipelines.midi_to_pianorolls import prepare
from pipelines.shard_flow import split_of
from pipelines.sources import find_sources
from tests.data.music import FOUR, TRIO, invented, transposed
from tests.pipelines.corpus import SETTINGS, contents, write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("prepare") / "corpus")


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    monkeypatch.setattr(midi_to_pianorolls, "GROUP", 8)
    monkeypatch.setattr(midi_to_pianorolls, "MOST_SONGS", 4)


@pytest.fixture
def whole(corpus, tmp_path) -> dict[str, bytes]:
    """The bytes an undisturbed run writes."""
    prepare(find_sources(corpus), tmp_path / "whole", SETTINGS)
    return contents(tmp_path / "whole")


class Stopped(BaseException):
    """As Ctrl-C is one."""


def stop_at(count: int):
    def progress(done: int, total: int) -> None:
        if done >= count:
            raise Stopped

    return progress


def test_a_corpus_becomes_a_dataset(corpus, tmp_path):
    calls: list[tuple[int, int]] = []
    about = prepare(
        find_sources(corpus), tmp_path / "out", SETTINGS, progress=lambda *c: calls.append(c)
    )
    assert calls[0] == (0, 25)
    assert calls[-1] == (25, 25)
    loaded = load_dataset(tmp_path / "out")
    assert len(loaded) == about["phrases"] == 20 * 7
    assert loaded.phrases.canonical().rows() == loaded.phrases.rows()
    assert loaded.grid == FOUR
    assert loaded.bars == 2
    assert loaded.ensemble.tracks == TRIO.tracks
    assert loaded.styles == ("pop", "rock")
    assert about["styles"] == {
        "pop": {"phrases": 7 * 7, "songs": 7},
        "rock": {"phrases": 7 * 13, "songs": 13},
    }
    counts = {name: about[name] for name in ("files", "skipped", "unreadable", "duplicates")}
    assert counts == {"files": 25, "skipped": 4, "unreadable": 2, "duplicates": 7}
    assert sum(about["splits"].values()) == 140
    assert len(set(loaded.song.tolist())) == 20


def test_the_description_tells_all_of_each_file(corpus, tmp_path):
    about = prepare(find_sources(corpus), tmp_path / "out", SETTINGS)
    told = json.loads((tmp_path / "out" / "dataset.json").read_text())
    sources = {entry["path"]: entry for entry in told.pop("sources")}
    assert told == json.loads(json.dumps(about))
    assert told["licences"] == {"rock/LICENSE.txt": "Play it as you like.\n"}
    assert told["settings"]["min_tracks"] == 2
    assert [shard["file"] for shard in told["shards"]] == [
        f"shard-{n:05d}.parquet" for n in range(4)
    ]
    assert sum(shard["phrases"] for shard in told["shards"]) == 140
    assert len(sources) == 25
    good = sources["rock/001.mid"]
    assert good["licence"] == "rock/LICENSE.txt"
    assert (good["style"], good["phrases"], good["duplicates"]) == ("rock", 7, 0)
    assert good["notes"] == [len(track.notes) for track in invented(1).tracks]
    assert len(good["bytes"]) == 32
    assert good["split"] == split_of(int(good["song"], 16), 0.25, 0.25)
    copy, original = sources["pop/copy.MID"], sources["pop/deep/003.mid"]
    assert copy["song"] == original["song"]
    assert (copy["phrases"], original["duplicates"]) == (7, 7)  # the first by name is kept


def test_files_without_phrases_are_listed_with_the_reason(corpus, tmp_path):
    prepare(find_sources(corpus), tmp_path / "out", SETTINGS)
    with (tmp_path / "out" / "skipped.csv").open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["file", "reason"]
    reasons = dict(rows[1:])
    assert list(reasons) == [
        f"rock/{n}" for n in ("broken.mid", "shopping.midi", "solo.mid", "waltz.mid")
    ]
    assert "MThd" in reasons["rock/shopping.midi"]
    assert reasons["rock/solo.mid"] == "no 2 bars in which 2 or more tracks play 8 or more notes"
    assert reasons["rock/waltz.mid"] == "no 2 bars of 4/4 in a row (only 8 bars of 3/4)"


def test_two_workers_write_the_same_bytes(corpus, tmp_path, whole):
    prepare(find_sources(corpus), tmp_path / "two", SETTINGS, workers=2)
    assert contents(tmp_path / "two") == whole


@pytest.mark.parametrize("count", [1, 9, 16, 24])
def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(corpus, tmp_path, whole, count):
    out, sources = tmp_path / "out", find_sources(corpus)
    with pytest.raises(Stopped):
        prepare(sources, out, SETTINGS, progress=stop_at(count))
    assert "dataset.json" not in contents(out)
    kept = {path: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    assert len(kept) == (count - 1) // 8
    prepare(sources, out, SETTINGS)
    assert contents(out) == whole
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(corpus, tmp_path, whole):
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from pipelines import midi_to_pianorolls as flow\n"
        "from pipelines.sources import find_sources\n"
        "from tests.pipelines.corpus import SETTINGS\n"
        "flow.GROUP, flow.MOST_SONGS = 8, 4\n"
        "if __name__ == '__main__':\n"
        "    flow.prepare(find_sources(Path(sys.argv[1])), Path(sys.argv[2]), SETTINGS,\n"
        "                 progress=lambda done, total: time.sleep(30 if done > 20 else 0))\n"
    )
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, "-B", "-c", program, corpus, out],
        cwd=Path(__file__).parents[2],
        env=os.environ,
    )
    limit = time.monotonic() + 60
    while not (out / "shard-00001.parquet").exists() and time.monotonic() < limit:
        time.sleep(0.02)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    (out / "shard-00002.parquet.part").write_bytes(b"half a shard")
    assert "dataset.json" not in contents(out)
    prepare(find_sources(corpus), out, SETTINGS)
    assert contents(out) == whole


def test_a_finished_run_stays_as_it_is(corpus, tmp_path):
    first = prepare(find_sources(corpus), tmp_path / "out", SETTINGS)
    before = contents(tmp_path / "out")
    assert prepare(find_sources(corpus), tmp_path / "out", SETTINGS) == first
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (replace(SETTINGS, cut=Cut(4, 1, 2, 8)), "begun with --bars 2, not 4; .*--overwrite"),
        (
            replace(SETTINGS, ensemble=replace(TRIO, rules=TRIO.rules[:-1])),
            r"begun with --ensemble trio \(rules \w+\), not trio \(rules \w+\); .*--overwrite",
        ),
        (replace(SETTINGS, valid=0.1), "begun with --valid 0.25, not 0.1; .*--overwrite"),
        (
            replace(SETTINGS, grid=Grid(4, 24)),
            "begun with --steps-per-beat 12, not 24; .*--overwrite",
        ),
    ],
)
def test_other_settings_do_not_go_on(corpus, tmp_path, settings, told):
    prepare(find_sources(corpus), tmp_path / "out", SETTINGS)
    before = contents(tmp_path / "out")
    with pytest.raises(MuseganError, match=told):
        prepare(find_sources(corpus), tmp_path / "out", settings)
    assert contents(tmp_path / "out") == before
    about = prepare(find_sources(corpus), tmp_path / "out", settings, overwrite=True)
    assert about["settings"] == json.loads(json.dumps(settings.describe()))


def test_other_files_do_not_go_on(tmp_path):
    corpus, out = write_corpus(tmp_path / "corpus", songs=10), tmp_path / "out"
    with pytest.raises(Stopped):
        prepare(find_sources(corpus), out, SETTINGS, progress=stop_at(12))

    def refused() -> None:
        with pytest.raises(MuseganError, match=r"begun with other files.*--overwrite"):
            prepare(find_sources(corpus), out, SETTINGS)

    moved = corpus / "pop" / "deep" / "000.mid"
    held = moved.read_bytes()
    moved.unlink()
    refused()
    write_midi(invented(77), moved)
    refused()
    moved.write_bytes(held)
    (corpus / "pop" / "COPYING").write_text("new terms")
    refused()
    (corpus / "pop" / "COPYING").unlink()
    prepare(find_sources(corpus), out, SETTINGS)


def test_fewer_files_than_before_do_not_go_on(corpus, tmp_path):
    sources = find_sources(corpus)
    prepare(sources, tmp_path / "out", SETTINGS)
    with pytest.raises(MuseganError, match="begun with other files"):
        prepare(sources[:8], tmp_path / "out", SETTINGS)


def test_no_two_phrases_are_alike_up_to_transposition_and_octave(tmp_path):
    folder = tmp_path / "songs"
    folder.mkdir()
    for shift in (0, 1, 5, -12, 12):
        for seed in range(3):
            write_midi(transposed(invented(seed), shift), folder / f"{shift}-{seed}.mid")
    about = prepare(find_sources(folder), tmp_path / "out", SETTINGS)
    assert about["phrases"] == 3 * 7
    assert about["duplicates"] == 4 * 3 * 7
    loaded = load_dataset(tmp_path / "out")
    drums = np.array([True, False, False])
    assert len(np.unique(phrase_hashes(loaded.phrases, drums))) == len(loaded)
    assert len(set(loaded.song.tolist())) == 3


def test_names_and_neighbours_do_not_change_a_songs_split(corpus, tmp_path):
    """By the notes of each song, of whichever file it is read from."""
    splits = {}
    for number in range(20):
        song = tmp_path / "songs" / f"{'abc'[number % 3]}{99 - number}.mid"
        song.parent.mkdir(exist_ok=True)
        write_midi(transposed(invented(number), number % 7), song)
        splits[song.name] = invented(number)
    before, after = tmp_path / "before", tmp_path / "after"
    prepare(find_sources(corpus), before, SETTINGS)
    prepare(find_sources(tmp_path / "songs"), after, SETTINGS)

    def split_by_song(out: Path) -> dict[str, str]:
        entries = json.loads((out / "dataset.json").read_text())["sources"]
        return {e["song"]: e["split"] for e in entries if "song" in e}

    assert split_by_song(before) == split_by_song(after)
    assert set(split_by_song(before).values()) == {"train", "valid", "test"}


def test_all_phrases_of_a_song_are_in_one_split(corpus, tmp_path):
    prepare(find_sources(corpus), tmp_path / "out", SETTINGS)
    parts = [load_dataset(tmp_path / "out", split) for split in ("train", "valid", "test")]
    songs = [{part.sources[s] for s in part.source} for part in parts]
    assert not any(songs[a] & songs[b] for a in range(3) for b in range(a))


def test_no_phrases_at_all_is_an_error_that_leaves_the_reasons(tmp_path):
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "a.mid").write_text("no music")
    with pytest.raises(MuseganError, match=r"no file gave phrases: .*skipped.csv tells all"):
        prepare(find_sources(tmp_path / "songs"), tmp_path / "out", SETTINGS)
    assert "a.mid,not a MIDI file" in (tmp_path / "out" / "skipped.csv").read_text()


def test_settings_out_of_range_write_nothing(corpus, tmp_path):
    with pytest.raises(MuseganError, match="bars must be 1 or more"):
        prepare(find_sources(corpus), tmp_path / "out", replace(SETTINGS, cut=Cut(0)))
    assert not (tmp_path / "out").exists()
