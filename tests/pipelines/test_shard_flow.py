from collections import Counter

import pytest

from musegan.errors import MuseganError
from pipelines.shard_flow import check_shares, digest, split_of

NAN = float("nan")


def test_a_digest_is_of_the_bytes_alone(tmp_path):
    one, other, third = (tmp_path / name for name in "abc")
    one.write_bytes(b"same" * 100_000)
    other.write_bytes(b"same" * 100_000)
    third.write_bytes(b"other")
    assert digest(one) == digest(other) != digest(third)
    assert len(digest(one)) == 32
    assert digest(tmp_path / "absent") == digest(tmp_path) == ""


@pytest.mark.parametrize(
    ("valid", "test"), [(-0.1, 0.1), (0.1, -0.1), (0.5, 0.5), (1.0, 0.0), (NAN, 0), (0, NAN)]
)
def test_shares_must_leave_some_to_train_on(valid, test):
    with pytest.raises(MuseganError, match="must be shares that leave some to train on"):
        check_shares(valid, test)
    check_shares(0.0, 0.0)


def test_songs_are_shared_out_as_asked():
    drawn = Counter(split_of(song * 2**50 + song, 0.2, 0.1) for song in range(4000))
    assert drawn["valid"] / 4000 == pytest.approx(0.2, abs=0.02)
    assert drawn["test"] / 4000 == pytest.approx(0.1, abs=0.02)
    assert {split_of(song, 0.0, 0.0) for song in range(50)} == {"train"}
    # a larger share for validation takes no song out of the test
    tests = [song for song in range(500) if split_of(song, 0.1, 0.2) == "test"]
    assert tests == [song for song in range(500) if split_of(song, 0.5, 0.2) == "test"]
