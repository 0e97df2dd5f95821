import pytest
import torch

from musegan.models.habits.homophony import ALWAYS
from musegan.models.habits.monophony import NEVER
from musegan.models.planned import PlannedGenerator
from musegan.pianoroll import ONSET, Phrases
from musegan.training.calibration.measures import share_of_blocks, share_of_lines
from musegan.training.calibration.texture import CROWDINGS, SHIFTS, set_texture
from musegan.training.sampling import sample_phrases
from tests.models.toys import GRID
from tests.training.toys import beside, rhythm_section


def clusters(size: int) -> Phrases:
    """Sixteen phrases: on each beat a drum and as many notes of the bass."""
    beats = [6 * beat for beat in range(8)]
    hits = [(0, beat, 1, 36, 90) for beat in beats]
    notes = [(1, beat, 3, 36 + 3 * note, 90) for beat in beats for note in range(size)]
    return Phrases.of([hits + notes] * 16, GRID, 2)


def onsets(made: PlannedGenerator) -> torch.Tensor:
    return made.head.of(ONSET)[1].clone()


def per_onset(phrases: Phrases) -> float:
    """Notes of the bass that begin together, on average."""
    bass = phrases.track == 1
    begun = set(zip(phrases.phrase[bass].tolist(), phrases.start[bass].tolist(), strict=True))
    return float(bass.sum() / len(begun))


def test_a_track_that_is_too_quiet_plays_more() -> None:
    made, real = rhythm_section(-4.0), clusters(4)
    before, quiet = onsets(made), len(sample_phrases(made, real, 16, 1).pitch)
    set_texture(made, beside(real))
    moved = onsets(made) - before
    assert torch.allclose(moved, moved[:, :1].expand_as(moved))
    assert all(any(abs(shift - each) < 1e-5 for each in SHIFTS) for shift in moved[:, 0].tolist())
    assert moved.max() > 0
    assert len(sample_phrases(made, real, 16, 1).pitch) > quiet


def test_a_track_of_few_notes_at_once_makes_room_and_drums_do_not() -> None:
    made, real = rhythm_section(0.0), clusters(2)
    crowded = per_onset(sample_phrases(made, real, 16, 1))
    set_texture(made, beside(real))
    assert made.habits.crowding.tolist()[0] == 0
    assert abs(made.habits.crowding.tolist()[1] - max(CROWDINGS)) < 1e-6
    assert per_onset(sample_phrases(made, real, 16, 1)) < crowded


@pytest.mark.parametrize(("size", "lines"), [(1, 1), (3, 0)])
def test_lines_are_made_where_all_real_phrases_are(size: int, lines: int) -> None:
    made, real = rhythm_section(0.0), clusters(size)
    set_texture(made, beside(real))
    assert share_of_lines(beside(real).heard(made))[1] == lines
    assert made.habits.chords_in_lines[0] == NEVER


@pytest.mark.parametrize(("size", "blocks"), [(1, 0), (3, 1)])
def test_blocks_are_played_where_all_real_phrases_are(size: int, blocks: int) -> None:
    made, real = rhythm_section(0.0), clusters(size)
    set_texture(made, beside(real))
    assert share_of_blocks(beside(real).heard(made))[1] == blocks
    assert made.habits.chords_in_blocks[0] == ALWAYS


def test_the_register_that_was_set_before_stays() -> None:
    made = rhythm_section(0.0)
    made.habits.keeping.fill_(0.7)
    set_texture(made, beside(clusters(2)))
    assert made.habits.keeping.tolist() == pytest.approx([0.7, 0.7])


def test_it_is_the_same_for_the_same_seed() -> None:
    one, other = rhythm_section(-1.0), rhythm_section(-1.0)
    for made in (one, other):
        set_texture(made, beside(clusters(2)))
    assert torch.equal(onsets(one), onsets(other))
    assert torch.equal(one.habits.crowding, other.habits.crowding)
