"""Noticing that a training diverges, before what it has learnt is lost."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Self

from musegan.errors import MuseganError

WATCHED = {"gradient": 0.01, "loss": 1.0}  # the least that counts as usual
EXPLODED = 1000.0  # times what is usual
STRIKES = 3  # looks in a row; a single spike may pass
SEASON, MEMORY = 10, 50  # looks before anything is usual, looks that are remembered


class DivergenceError(MuseganError):
    """A training whose numbers are none any more, or have left all bounds.

    Args:
        step: when it was noticed.
        what: which number did what.
    """

    def __init__(self, step: int, what: str) -> None:
        super().__init__(
            f"the training diverged by step {step} ({what}); the last checkpoint, if there is one, "
            "is still good: lower the rates or raise the penalties in the recipe and resume"
        )
        self.step, self.what = step, what


@dataclass
class Guard:
    """Looks at losses and gradient norms now and then; kept in checkpoints.

    Attributes:
        rollbacks: how often the training went back to a checkpoint.
        usual: the last sizes of each watched scalar.
        strikes: looks in a row at which one had exploded.
    """

    rollbacks: int = 0
    usual: dict[str, list[float]] = field(default_factory=dict)
    strikes: int = 0

    @property
    def rate(self) -> float:
        """The share of the recipe's rates that is left: each rollback halves them."""
        return 0.5**self.rollbacks

    @property
    def calm(self) -> bool:
        """Whether the last look found nothing."""
        return not self.strikes

    def look(self, step: int, scalars: dict[str, float]) -> None:
        """Take in the scalars of a step.

        Raises:
            DivergenceError: one is not a finite number, or one was far above its median at the
                last three looks.
        """
        for name, value in scalars.items():
            if not math.isfinite(value):
                raise DivergenceError(step, f"{name} is {value}")
        exploded = [told for name, value in scalars.items() if (told := self._size(name, value))]
        self.strikes = self.strikes + 1 if exploded else 0
        if self.strikes >= STRIKES:
            raise DivergenceError(step, exploded[0])

    def _size(self, name: str, value: float) -> str | None:
        """What is wrong with a scalar; what is fine becomes part of what is usual."""
        least = WATCHED.get(name.rpartition("/")[2])
        if least is None:
            return None
        seen = self.usual.setdefault(name, [])
        if len(seen) >= SEASON and abs(value) > EXPLODED * max(median(seen), least):
            return f"{name} is {value:.3g}, usually {median(seen):.3g}"
        seen.append(abs(value))
        del seen[:-MEMORY]
        return None

    def to_json(self) -> dict[str, Any]:
        """Plain data that `from_json` takes back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The guard that `to_json` told of."""
        return cls(**data)
