"""What a training remembers from step to step, and keeps in its checkpoints."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass
class Running:
    """Running averages, on the networks' device.

    Attributes:
        tensors: by name; none before the first step.
    """

    tensors: dict[str, Tensor] = field(default_factory=dict)

    def blend(self, name: str, now: Tensor, memory: float) -> Tensor:
        """Take in what is now, and give the average.

        Args:
            name: of the average, which begins as what it first takes in.
            now: of any shape, always the same.
            memory: share of the average that stays.
        """
        if name in self.tensors:
            # in place, for a recorded step knows tensors by where they lie
            torch.lerp(now, self.tensors[name], memory, out=self.tensors[name])
        else:
            self.tensors[name] = now
        return self.tensors[name]
