import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musegan.midi.wire import LONGEST_DELTA, chunk, read_variable_length, variable_length


@given(st.integers(0, LONGEST_DELTA), st.binary(max_size=3))
def test_variable_lengths(number: int, after: bytes) -> None:
    data = variable_length(number)
    assert len(data) == max(1, -(-number.bit_length() // 7))
    assert read_variable_length(data + after, 0) == (number, len(data))


@given(st.binary(min_size=5, max_size=9))
def test_a_variable_length_never_exceeds_what_can_be_written(data: bytes) -> None:
    number, after = read_variable_length(data + b"\x00", 0)
    assert 0 <= number <= LONGEST_DELTA
    assert after <= len(data) + 1


def test_variable_lengths_of_the_standard() -> None:
    pairs = {
        0x40: "40",
        0x80: "8100",
        0x2000: "c000",
        0x100000: "c08000",
        LONGEST_DELTA: "ffffff7f",
    }
    for number, data in pairs.items():
        assert variable_length(number) == bytes.fromhex(data)
    assert np.all([len(variable_length(n)) <= 4 for n in pairs])


@pytest.mark.parametrize("data", [b"", b"\x81", b"\xff\xff"])
def test_a_number_that_breaks_off_is_told(data: bytes) -> None:
    with pytest.raises(IndexError):
        read_variable_length(data, 0)


def test_a_chunk_tells_its_kind_and_length() -> None:
    assert chunk(b"MTrk", b"\x00" * 258) == b"MTrk\x00\x00\x01\x02" + b"\x00" * 258
