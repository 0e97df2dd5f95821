"""A train step recorded as CUDA graphs and replayed with one launch.

Small networks take a GPU less time than Python takes to launch their thousands of kernels. A graph
launches all of a step's kernels at once, on tensors that stay where they are: batches are copied
in, and the rates and all that is remembered lie on the device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

import torch
from torch import Tensor

from musegan.errors import MuseganError
from musegan.training.chance import Chance
from musegan.training.contest import B, C, G, R
from musegan.training.game import Game
from musegan.training.parts import each_tensor, tensors_of
from musegan.training.ranks import Ranks
from musegan.training.recipe import CommonRecipe
from musegan.training.state import average, set_rates
from musegan.training.step import update

WARM = 3  # steps of each kind that are taken before it is recorded


def obstacle(recipe: CommonRecipe, device: torch.device, ranks: Ranks) -> str | None:
    """Why a recipe's steps cannot be replayed; None if they can.

    What a replay does is what was done when it was recorded, so nothing may depend on the step's
    number or on numbers drawn outside of a `Chance`.
    """
    if device.type != "cuda":
        return "CUDA graphs need a CUDA device"
    if ranks.count > 1:
        return "CUDA graphs are for one process"
    if recipe.accumulate > 1:
        return "a batch in parts is not recorded; leave out accumulate"
    tricks = ("noise", "diffusion", "augment", "growth", "path_length")
    for name in tricks:
        if getattr(recipe, name) is not None:
            return f"{name} changes from step to step, which a recorded step cannot"
    if recipe.draws:
        return "what layers draw, as dropout, is drawn anew at each step; a recorded one repeats it"
    return None


@dataclass(frozen=True)
class _Recording(Generic[B]):
    graph: torch.cuda.CUDAGraph
    batches: list[B]
    chances: list[Chance]
    seen: dict[str, Tensor]


class RecordedStep(Generic[G, C, B, R]):
    """Takes train steps; from the fourth of each kind on by replaying them.

    Kinds differ in the penalties that are due. Restoring a checkpoint moves what was recorded, so
    that asks for a new one of these.

    Args:
        game: what is played, on a CUDA device, by a recipe without an `obstacle`; its state is
            changed.
    """

    def __init__(self, game: Game[G, C, B, R]) -> None:
        self.game = game
        self.recordings: dict[tuple[bool, ...], _Recording[B]] = {}
        self.taken: dict[tuple[bool, ...], int] = {}
        self.beside = torch.cuda.Stream()

    def __call__(self, batches: Sequence[B], chances: Sequence[Chance]) -> dict[str, Tensor]:
        """Take one step; the same as `train_step`."""
        state, recipe = self.game.state, self.game.recipe
        kind = tuple(state.step % each.every == 0 for each in recipe.penalties)
        set_rates(state, recipe)
        if self.taken.setdefault(kind, 0) < WARM:
            seen = self._warm(batches, chances)
        else:
            if kind not in self.recordings:
                self.recordings[kind] = self._record(batches, chances)
            seen = self._replay(self.recordings[kind], batches, chances)
        self.taken[kind] += 1
        average(state, recipe)
        state.step += 1
        return seen

    def _warm(self, batches: Sequence[B], chances: Sequence[Chance]) -> dict[str, Tensor]:
        # beside the usual stream, where recording will be too
        here = torch.cuda.current_stream()
        self.beside.wait_stream(here)
        with torch.cuda.stream(self.beside):
            seen = update(self.game, batches, chances)
        here.wait_stream(self.beside)
        return seen

    def _record(self, batches: Sequence[B], chances: Sequence[Chance]) -> _Recording[B]:
        kept = [each_tensor(batch, torch.clone) for batch in batches]
        graph = torch.cuda.CUDAGraph()
        for chance in chances:
            graph.register_generator_state(chance.random)
        try:
            with torch.cuda.graph(graph, stream=self.beside):
                seen = update(self.game, kept, chances)
        except RuntimeError as problem:
            raise MuseganError(
                f"this step cannot be recorded ({problem}); train without CUDA graphs"
            ) from problem
        return _Recording(graph, kept, list(chances), seen)

    def _replay(
        self, recording: _Recording[B], batches: Sequence[B], chances: Sequence[Chance]
    ) -> dict[str, Tensor]:
        for there, now in zip(_flat(recording.batches), _flat(batches), strict=True):
            there.copy_(now, non_blocking=True)
        for chance, new in zip(recording.chances, chances, strict=True):
            chance.random.manual_seed(new.seed)
        recording.graph.replay()
        return recording.seen


def _flat(batches: Sequence[Any]) -> list[Tensor]:
    return tensors_of(tuple(batches))
