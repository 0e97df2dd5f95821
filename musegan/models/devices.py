"""Where networks run."""

from __future__ import annotations

import torch

from musegan.errors import MuseganError


def find_device(name: str) -> torch.device:
    """The torch device called `name`; `auto` is the GPU where there is one.

    Raises:
        MuseganError: no device of that name is usable here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as problem:
        raise MuseganError(f"no device '{name}' here; try cpu or auto") from problem
    return device
