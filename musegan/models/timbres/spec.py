"""What a model of timbres is: everything needed to build its generator, as JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from musegan.audio.partials.layout import NoteLayout
from musegan.models.settings import Positive, Settings
from musegan.models.spec import FORMAT
from musegan.models.timbres.generator import TimbreGenerator

Pitch = Annotated[int, Field(ge=0, le=127)]


class TimbreSizes(Settings):
    """Sizes of a generator of timbres; see `TimbreGenerator`."""

    latent: Positive = 32
    width: Positive = 64
    blocks: Positive = 2
    context: Positive = 96


class TimbreSpec(Settings):
    """A model of timbres without its weights.

    Attributes:
        format: version of this description.
        kind: what sort of model it is.
        name: what the model is called.
        layout: of the pictures it makes; see `NoteLayout`.
        ranges: the lowest and highest pitch of each instrument, in label order.
        generator: sizes of the network.
        training: how it was trained, for people and scripts.
    """

    format: int = FORMAT
    kind: Literal["timbres"] = "timbres"
    name: str
    layout: NoteLayout = NoteLayout()
    ranges: dict[str, tuple[Pitch, Pitch]]
    generator: TimbreSizes = TimbreSizes()
    training: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _plays(self) -> TimbreSpec:
        if not self.ranges:
            raise ValueError("it knows no instruments")
        for name, (low, high) in self.ranges.items():
            if low > high:
                raise ValueError(f"the range of '{name}' ends before it begins")
        return self

    @property
    def pitched(self) -> bool:
        """Whether it makes notes, which have pitches, and not hits."""
        return self.layout.pitched

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments it knows."""
        return tuple(self.ranges)


def build_timbre_generator(spec: TimbreSpec) -> TimbreGenerator:
    """The generator that `spec` describes, freshly initialised."""
    sizes = spec.generator
    return TimbreGenerator(
        spec.layout,
        len(spec.ranges),
        sizes.latent,
        sizes.width,
        sizes.blocks,
        sizes.context,
    )
