from pathlib import Path
from typing import Any

import pytest

from musegan.errors import MuseganError
from musegan.instruments import Ensemble, load_ensemble, parse_ensemble
from musegan.instruments.ensemble import HIGHEST, LOWEST
from tests.instruments.tracks import played

BAND = load_ensemble()
TRACKS = [{"name": "drums", "drums": True}, {"name": "keys", "range": [24, 100]}]


def test_a_user_s_ensemble_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "duo.yaml"
    path.write_text(
        r"""
tracks:
  - {name: drums, drums: true, range: [35, 81]}
  - {name: piano, program: 4}
rules:
  - {track: drums, drums: true}
  - {track: piano, name: '\b(clavier|keys)\b'}
  - {track: piano, programs: [0-7, 16], register: [40, 90], voices: [1, 2.5]}
  - {skip: 'no place in a duo'}
""",
        encoding="utf-8",
    )
    duo = load_ensemble(str(path))
    assert (duo.name, duo.names) == ("duo", ("drums", "piano"))
    assert duo.tracks[1].program == 4
    assert (duo.tracks[1].low, duo.tracks[1].high) == (LOWEST, HIGHEST)
    assert duo.place(played(drums=True)) == 0
    assert duo.place(played("Clavier", 90)) == 1
    assert duo.place(played("", 16)) == 1
    assert duo.place(played("", 17)) == "no place in a duo"
    assert duo.place(played("", 0, 20)) == "no place in a duo"
    assert duo.place(played("", 0, 60, voices=3)) == "no place in a duo"


def test_a_track_no_rule_fits_is_told_so() -> None:
    duo = parse_ensemble({"name": "duo", "tracks": TRACKS}, "duo")
    assert duo.place(played("Oboe", 68)) == "no rule of the duo ensemble fits program 68 'Oboe'"
    assert "fits drum track 'Kit'" in str(duo.place(played("Kit", drums=True)))


def test_the_index_of_an_unknown_track_names_those_there_are() -> None:
    with pytest.raises(MuseganError, match=r"no track 'tuba'.*drums, bass, guitar, piano"):
        BAND.index("tuba")


def test_description_and_back() -> None:
    again = Ensemble.from_description(BAND.name, BAND.describe())
    assert (again.name, again.tracks, again.rules) == (BAND.name, BAND.tracks, ())


def test_the_shipped_ensemble_is_a_band() -> None:
    assert BAND.names == ("drums", "bass", "guitar", "piano", "strings", "lead")
    assert BAND.drums.tolist() == [True] + [False] * 5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "needs a list of 'tracks'"),
        ([1], "needs a list of 'tracks'"),
        ({"name": "x"}, "needs a list of 'tracks'"),
        ({"tracks": []}, "needs a list of 'tracks'"),
        ({"tracks": "drums"}, "tracks must be a list, not 'drums'"),
        ({"tracks": TRACKS, "rules": 5}, "rules must be a list, not 5"),
        ({"tracks": TRACKS, "rule": []}, "unknown key 'rule'; known are name, rules, tracks"),
        ({"tracks": TRACKS, "name": 5}, "name must be a text, not 5"),
        ({"tracks": ["drums"]}, "each track needs a name, found 'drums'"),
        ({"tracks": [{"program": 1}]}, "each track needs a name"),
        ({"tracks": [{"name": ""}]}, "name must be a text, not ''"),
        ({"tracks": [{"name": "a", "gm": 1}]}, "track 'a': unknown key 'gm'"),
        ({"tracks": [{"name": "a", "program": 128}]}, "program must be a whole number in 0..127"),
        ({"tracks": [{"name": "a", "program": True}]}, "program must be a whole number in 0..127"),
        ({"tracks": [{"name": "a", "drums": "yes"}]}, "drums must be true or false, not 'yes'"),
        ({"tracks": [{"name": "a", "range": [60]}]}, r"range must be \[low, high\]"),
        ({"tracks": [{"name": "a", "range": [60, "x"]}]}, r"range must be \[low, high\]"),
        ({"tracks": [{"name": "a", "range": [90, 60]}]}, r"range must be \[low, high\]"),
        ({"tracks": [{"name": "a", "range": [60, 70]}]}, "an octave or more"),
        ({"tracks": [{"name": "a", "range": [60, 108]}]}, "whole pitches in 24..107"),
        ({"tracks": [{"name": "a", "range": [21, 90]}]}, r"24\.\.107.* not 21\.\.90"),
        ({"tracks": [{"name": "a", "range": [60, 80.5]}]}, "whole pitches in 24..107"),
        ({"tracks": [*TRACKS, {"name": "keys"}]}, "two tracks share a name"),
        ({"tracks": [{"name": str(i)} for i in range(129)]}, "129 tracks, the limit is 128"),
    ],
)
def test_errors_of_an_ensemble_name_the_file_and_the_entry(data: Any, message: str) -> None:
    with pytest.raises(MuseganError, match=rf"^mine\.yaml: .*{message}"):
        parse_ensemble(data, "mine.yaml")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("keys", "a rule needs either 'track' or 'skip'"),
        ({}, "a rule needs either 'track' or 'skip'"),
        ({"track": "keys", "skip": "no"}, "a rule needs either 'track' or 'skip'"),
        ({"track": "tuba"}, "no such track; there are drums, keys"),
        ({"track": "keys", "pitch": 1}, "unknown key 'pitch'; known are drums, name, programs"),
        ({"track": "keys", "name": "("}, "name is no regular expression"),
        ({"track": "keys", "name": 5}, "name must be a text, not 5"),
        ({"track": "keys", "programs": ["x"]}, "programs lie within 0-127, not 'x'"),
        ({"track": "keys", "programs": [128]}, "programs lie within 0-127, not 128"),
        ({"track": "keys", "programs": ["9-3"]}, "programs lie within 0-127, not '9-3'"),
        ({"track": "keys", "register": 60}, r"register must be \[low, high\], not 60"),
        ({"track": "keys", "voices": [2, 1]}, r"voices must be \[low, high\], not \[2, 1\]"),
        ({"track": "keys", "drums": 1}, "drums must be true or false, not 1"),
        ({"skip": None}, "skip must be a text, not None"),
    ],
)
def test_errors_of_a_rule_name_the_file_and_the_rule(rule: Any, message: str) -> None:
    with pytest.raises(MuseganError, match=rf"^mine\.yaml: rule .*{message}"):
        parse_ensemble({"tracks": TRACKS, "rules": [rule]}, "mine.yaml")


def test_one_program_needs_no_list() -> None:
    rules = [{"track": "keys", "programs": 4}]
    ensemble = parse_ensemble({"tracks": TRACKS, "rules": rules}, "x")
    assert ensemble.rules[0].programs == frozenset({4})


def test_an_unknown_ensemble_names_those_there_are() -> None:
    with pytest.raises(MuseganError, match=r"no ensemble 'choir': there are band; .*\.yaml"):
        load_ensemble("choir")


def test_errors_of_an_ensemble_s_file(tmp_path: Path) -> None:
    with pytest.raises(MuseganError, match=r"gone\.yaml: no such ensemble file"):
        load_ensemble(str(tmp_path / "gone.yaml"))
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    with pytest.raises(MuseganError, match=r"folder\.yaml: cannot be read"):
        load_ensemble(str(folder))
    (tmp_path / "bytes.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MuseganError, match=r"bytes\.yml: not a text file"):
        load_ensemble(str(tmp_path / "bytes.yml"))
    (tmp_path / "broken.yaml").write_text("tracks: [", encoding="utf-8")
    with pytest.raises(MuseganError, match=r"broken\.yaml: not valid YAML \([^\n]*\)$"):
        load_ensemble(str(tmp_path / "broken.yaml"))
