"""What a model is: everything needed to build its generator and read its phrases, as JSON."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from musegan.instruments import Ensemble
from musegan.models.coder import Coder
from musegan.models.generator import Generator
from musegan.models.latents import LatentSizes
from musegan.models.patches import PatchLayout
from musegan.models.planned import PhraseGenerator, PlannedGenerator
from musegan.models.planner import Planner
from musegan.models.settings import Positive, Settings, Share, Size
from musegan.pianoroll import Grid

FORMAT = 1

Spread = Annotated[float, Field(gt=0)]


class CoderSpec(Settings):
    """Sizes of a coder; see `musegan.models.coder.Coder`."""

    code: Positive = 64
    hidden: Positive = 144
    width: Positive = 24
    blocks: Positive = 1


class GeneratorSpec(Settings):
    """Sizes of a generator; see `musegan.models.generator.Generator`.

    With a `coder` it is a `PlannedGenerator`, and the other sizes are those of its planner.

    *composer* has no `track` and `track_bar` latents, *jamming* no `shared` and `shared_bar`,
    *hybrid* has both kinds.
    """

    width: Positive = 48
    track_width: Positive = 16
    blocks: Positive = 3
    track_blocks: Positive = 1
    context: Positive = 96
    shared: Size = 64
    shared_bar: Size = 32
    track: Size = 16
    track_bar: Size = 16
    block: Literal["residual", "plain", "style"] = "residual"
    mapping: Size = 0
    mixing: Share = 0.0
    coder: CoderSpec | None = None

    @model_validator(mode="after")
    def _varies(self) -> GeneratorSpec:
        if not any((self.shared, self.shared_bar, self.track, self.track_bar)):
            raise ValueError("at least one latent needs a size, or every phrase is the same")
        plain = self.block == "residual" and not self.mapping and not self.mixing
        if self.coder is not None and not plain:
            raise ValueError("block, mapping and mixing are not for a planner; leave them out")
        return self

    @property
    def latents(self) -> LatentSizes:
        """Length of each latent."""
        return LatentSizes(self.shared, self.shared_bar, self.track, self.track_bar)


class ModelSpec(Settings):
    """A model without its weights.

    Attributes:
        format: version of this description.
        name: what the model is called.
        beats_per_bar: the grid's.
        steps_per_beat: the grid's.
        beat_unit: the grid's.
        bars: bars a phrase.
        ensemble_name: name of the ensemble.
        tracks: the ensemble's tracks, as `Ensemble.describe` tells them.
        styles: the styles it knows, in label order.
        tempos: a typical tempo (quarter notes a minute) for each style.
        common_key: whether it only knows C major and A minor; other keys are had by transposing.
        arrangements: for each style, which tracks play in which bars in some of the phrases it
            learnt from; see `musegan.data.arrangements`.
        style_counts: phrases of each style it learnt from; without them, styles are as common.
        typical: for each style, the mean and spread of each metric column over real phrases; see
            `musegan.evaluation.typical`.
        generator: sizes of the network.
        training: how it was trained, for people and scripts.
    """

    format: int = FORMAT
    name: str
    beats_per_bar: int
    steps_per_beat: int
    beat_unit: int
    bars: Positive
    ensemble_name: str
    tracks: list[dict[str, Any]]
    styles: tuple[str, ...]
    tempos: dict[str, float]
    common_key: bool = False
    arrangements: dict[str, list[str]] = Field(default_factory=dict)
    style_counts: dict[str, Size] = Field(default_factory=dict)
    typical: dict[str, dict[str, tuple[float, Spread]]] = Field(default_factory=dict)
    generator: GeneratorSpec
    training: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fitting_arrangements(self) -> ModelSpec:
        word = re.compile(f"[01]{{{self.bars}}}")
        for style, texts in self.arrangements.items():
            for words in map(str.split, texts):
                if len(words) != len(self.tracks) or not all(map(word.fullmatch, words)):
                    raise ValueError(f"arrangements of '{style}' do not fit its tracks and bars")
        return self

    @property
    def grid(self) -> Grid:
        """The grid its phrases are on."""
        return Grid(self.beats_per_bar, self.steps_per_beat, self.beat_unit)

    @property
    def ensemble(self) -> Ensemble:
        """The tracks it knows."""
        return Ensemble.from_description(self.ensemble_name, self.tracks)

    @property
    def layout(self) -> PatchLayout:
        """The patch tensor its networks work on."""
        return PatchLayout(self.grid, self.bars, len(self.tracks))


def build_generator(spec: ModelSpec) -> PhraseGenerator:
    """The generator that `spec` describes, freshly initialised."""
    return build_rolls(spec) if spec.generator.coder is None else build_planned(spec)


def build_rolls(spec: ModelSpec) -> Generator:
    """The generator that `spec` describes, which has no coder, freshly initialised."""
    sizes = spec.generator
    return Generator(
        spec.layout,
        sizes.latents,
        len(spec.styles),
        width=sizes.width,
        track_width=sizes.track_width,
        blocks=sizes.blocks,
        track_blocks=sizes.track_blocks,
        context=sizes.context,
        block=sizes.block,
        mapping=sizes.mapping,
        mixing=sizes.mixing,
    )


def build_planned(spec: ModelSpec) -> PlannedGenerator:
    """The generator that `spec` describes, which has a coder, freshly initialised."""
    layout, plan = spec.layout, spec.generator
    sizes = plan.coder or CoderSpec()
    coder = Coder(layout, sizes.code, sizes.width, sizes.hidden, sizes.blocks)
    planner = Planner(
        layout.tracks,
        layout.bars,
        plan.latents,
        len(spec.styles),
        code=sizes.code,
        width=plan.width,
        track_width=plan.track_width,
        blocks=plan.blocks,
        track_blocks=plan.track_blocks,
        context=plan.context,
        outline=coder.outline,
    )
    return PlannedGenerator(layout, plan.latents, planner, coder)
