"""Files that appear whole or not at all, and do not replace what others made or are making."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from musegan.errors import MuseganError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder as long as this one writes there; a killed one keeps none.

    Raises:
        MuseganError: another run writes there.
    """
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows, where nobody replaces a file that another has open
        yield
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MuseganError(
                f"{folder}: another musegan writes there; wait for it, or write elsewhere"
            ) from None
        except OSError:
            pass  # a network drive without locks
        yield
    finally:
        os.close(place)


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


def put(path: Path, write: Callable[[Path], object], overwrite: bool) -> None:
    """Have a file written; one that is there already stays, unless it may be replaced.

    So the same can be asked for again, and nothing is lost where something else is asked for.

    Args:
        path: the file; its folder is there.
        write: writes it, the same bytes every time.
        overwrite: whether it may be replaced.

    Raises:
        MuseganError: the file is there and would change.
    """
    if overwrite or not path.exists():
        write(path)
        return
    with TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        write(made)
        _check_same(made, path)


def put_folder(
    folder: Path,
    write: Callable[[Path], object],
    overwrite: bool,
    numbered: Sequence[str] = (),
) -> list[Path]:
    """As `put`, of files that belong together: where one may not be replaced, none is written.

    Args:
        folder: where they lie; made if need be.
        write: writes them, in folders of their own or not, to the folder that it is given.
        overwrite: whether files that are there may be replaced.
        numbered: patterns of files in `folder` of which there may be fewer now; those left of more
            are removed where files may be replaced.

    Returns:
        All files, by name.

    Raises:
        MuseganError: a file is there and would change, or cannot be written.
    """
    with TemporaryDirectory() as place:
        write(Path(place))
        made = sorted(path for path in Path(place).rglob("*") if path.is_file())
        files = [folder / path.relative_to(place) for path in made]
        for new, path in zip(made, files, strict=True):
            if path.exists() and not overwrite:
                _check_same(new, path)
        for new, path in zip(made, files, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, new.read_bytes())
    for pattern in numbered if overwrite else ():
        for left in {*folder.glob(pattern)} - {*files}:
            left.unlink()
    return files


def _check_same(made: Path, path: Path) -> None:
    if not filecmp.cmp(made, path, shallow=False):
        raise MuseganError(
            f"{path}: is there already and would change; write elsewhere, "
            "or replace it with --overwrite"
        )
