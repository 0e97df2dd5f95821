import dataclasses

import torch

from musegan.audio.partials.layout import NoteLayout
from musegan.training.note_contest import NoteBatch
from musegan.training.note_feeding import NoteFeeder, Notes
from musegan.training.parts import rows_of

from .sounds import toy_timbre_recipe

LAYOUT = NoteLayout(frames=32, partials=64, bands=16)
INSTRUMENTS = 3
COUNTS = torch.tensor([1, 4, 16])


def some_notes() -> Notes:
    random = torch.Generator().manual_seed(0)
    label = torch.repeat_interleave(torch.arange(INSTRUMENTS), COUNTS)
    pictures = torch.rand(len(label), 2, LAYOUT.rows, LAYOUT.frames, generator=random) - 0.5
    return Notes(pictures, label, 50.0 + torch.arange(len(label)))


def feeder(seed: int = 0, **changes) -> NoteFeeder:
    recipe = toy_timbre_recipe(batch=64, **changes)
    return NoteFeeder(some_notes(), LAYOUT, INSTRUMENTS, recipe, seed, torch.device("cpu"))


def as_tensors(batch: NoteBatch) -> list[torch.Tensor]:
    return [getattr(batch, field.name) for field in dataclasses.fields(batch)]


def test_a_batch_depends_on_seed_and_number_alone():
    one, same = as_tensors(feeder().batch(3)), as_tensors(feeder().batch(3))
    assert all(map(torch.equal, one, same))
    for other in (feeder().batch(4), feeder(1).batch(3)):
        assert not torch.equal(one[0], as_tensors(other)[0])


def test_rows_made_apart_are_those_of_the_whole_batch():
    part = feeder()
    part.rows = range(16, 24)
    own = as_tensors(part.batch(3))
    assert all(map(torch.equal, own, as_tensors(rows_of(feeder().batch(3), part.rows))))


def test_shifted_notes_have_shifted_labels_and_the_same_rows():
    notes = some_notes()
    batch = feeder(shift=2).batch(0)
    low = LAYOUT.partials // 8  # partials that all these pitches can have
    moved = set()
    for picture, label, pitch in zip(batch.real, batch.instrument, batch.pitch, strict=True):
        same = (notes.pictures[:, :, :low] == picture[:, :low]).flatten(1).all(1)
        (source,) = same.nonzero()[:, 0].tolist()
        assert notes.instrument[source] == label.argmax()
        moved.add(int(pitch - notes.pitch[source]))
    assert moved == {-2, -1, 0, 1, 2}


def test_rare_instruments_are_heard_more_often_than_they_are_there():
    drawn = torch.stack([feeder().batch(number).instrument.mean(0) for number in range(20)]).mean(0)
    expected = COUNTS.sqrt() / COUNTS.sqrt().sum()
    torch.testing.assert_close(drawn, expected, atol=0.05, rtol=0)
