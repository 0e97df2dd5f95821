"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from musegan.errors import MuseganError


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then move it there.

    Raises:
        MuseganError: it cannot be written, as on a full disk.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as problem:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise MuseganError(
            f"{path}: cannot be written ({problem.strerror}); write elsewhere or make room"
        ) from None
