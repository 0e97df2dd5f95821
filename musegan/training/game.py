"""A contest as it is played: with which networks, by which recipe, in how many processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from musegan.training.chance import Chance
from musegan.training.contest import B, C, Contest, G, R
from musegan.training.ears import disguised
from musegan.training.ranks import ALONE, Ranks
from musegan.training.state import State


@dataclass(frozen=True)
class Game(Generic[G, C, B, R]):
    """All that is the same from step to step.

    Attributes:
        state: the networks and what is remembered; steps change it in place.
        contest: how the networks are used.
        recipe: loss, penalties, rates.
        ranks: the processes that take each step together.
    """

    state: State[G, C]
    contest: Contest[G, C, B, R]
    recipe: R
    ranks: Ranks = ALONE

    def as_heard(self, chance: Chance) -> Contest[G, C, B, R]:
        """The contest as the critic hears it by now, see `disguised`."""
        done = self.state.step / self.recipe.steps
        return disguised(self.contest, self.state.ears, self.recipe, done, chance)
