"""Files into the shards of a dataset, whatever they hold.

Files are taken in groups in the order of their names; each group ends as one shard whose footer
tells its files. So a run that was stopped goes on after its last shard, and the bytes written
depend on the files and the settings only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from musegan.data.folder import shard_name
from musegan.data.shard_files import read_footer
from musegan.errors import MuseganError


class SourceFile(Protocol):
    """A file something is made of; see `pipelines.sources.Source`."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def name(self) -> str:
        """Its path under the source folder."""

    @property
    def licence(self) -> str:
        """Its licence, or "" where none was told."""

    @property
    def licence_file(self) -> Path | None:
        """Where its licence was read."""


Item = TypeVar("Item", bound=SourceFile)
Taken = TypeVar("Taken", bound=SourceFile, contravariant=True)
Made = TypeVar("Made")

Fault = Literal["", "unlabelled", "unreadable"]
"""What kept a file from being looked at, if anything did; many are fit to read and of no use."""

_BLOCK = 1 << 18  # bytes


class Job(Protocol[Taken, Made]):
    """What is made of the files, and how a shard holds it."""

    @property
    def part(self) -> int:
        """Files a worker takes at a time."""

    @property
    def group(self) -> int:
        """Files a shard, a multiple of `part`."""

    @property
    def work(self) -> Callable[[Sequence[Taken]], Made]:
        """What workers do with up to `part` files."""

    @property
    def spread(self) -> Callable[..., Iterator[Made]]:
        """How work is shared out: `in_order`, or `in_threads` if it lets other threads run."""

    def describe(self) -> dict[str, Any]:
        """The settings, which a run that goes on must share."""

    def options(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Settings that `describe` gave, by the options of `musegan prepare` that say them."""

    def labels(self, item: Taken) -> dict[str, Any]:
        """What is told of a file beforehand."""

    def remember(self, shard: Path) -> None:
        """Take up what an earlier run has written."""

    def write(self, shard: Path, group: Sequence[Taken], made: list[Made]) -> None:
        """Write what was made of a group, whose footer tells of each file the `source_entry`."""


def write_shards(
    sources: Sequence[Item],
    out: Path,
    job: Job[Item, Made],
    workers: int,
    progress: Callable[[int, int], None],
) -> int:
    """Write all shards that are not there yet, and tell how many there are now.

    Raises:
        MuseganError: an earlier run had other settings, files or labels.
    """
    groups = [sources[at : at + job.group] for at in range(0, len(sources), job.group)]
    begun = _take_up(out, groups, job)
    left = sources[begun * job.group :]
    done = len(sources) - len(left)
    parts = [left[at : at + job.part] for at in range(0, len(left), job.part)]
    results = job.spread(job.work, parts, workers)
    progress(done, len(sources))
    with ThreadPoolExecutor(1) as writer:  # disk and compression wait for nothing, nor does reading
        writing: Future[None] | None = None
        for number, group in enumerate(groups[begun:], begun):
            made: list[Made] = []
            for at in range(0, len(group), job.part):
                made.append(next(results))
                done += len(group[at : at + job.part])
                progress(done, len(sources))
            if writing is not None:
                writing.result()
            writing = writer.submit(job.write, out / shard_name(number), group, made)
        if writing is not None:
            writing.result()
    return len(groups)


def source_entry(item: SourceFile, digested: str, labels: dict[str, Any]) -> dict[str, Any]:
    """What a footer tells of a file at least, and a run that goes on finds unchanged."""
    return {"path": item.name, "bytes": digested, **labels, "licence": item.licence}


def split_of(hashed: int, valid: float, test: float) -> str:
    """The split that something belongs to by its hash alone: `train`, `valid` or `test`."""
    drawn = hashlib.blake2b(hashed.to_bytes(8, "little"), digest_size=8).digest()
    place = int.from_bytes(drawn, "little") / 2**64
    if place < test:
        return "test"
    return "valid" if place < test + valid else "train"


def check_shares(valid: float, test: float) -> None:
    """See that something is left to train on.

    Raises:
        MuseganError: the shares are no shares, or all.
    """
    if not (valid >= 0 and test >= 0 and valid + test < 1):  # nor are those that are no numbers
        raise MuseganError(
            f"valid {valid} and test {test} must be shares that leave some to train on"
        )


def digest(path: Path) -> str:
    """A hash of a file's bytes; empty when it cannot be read."""
    hashed = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb", buffering=0) as stream:
            while block := stream.read(_BLOCK):
                hashed.update(block)
    except OSError:
        return ""
    return hashed.hexdigest()


def as_options(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings by the options that are called like them."""
    return {f"--{name.replace('_', '-')}": value for name, value in settings.items()}


def _check_settings(out: Path, before: dict[str, Any], job: Job[Item, Made]) -> None:
    now = job.describe()
    if before.keys() != now.keys():
        raise MuseganError(
            f"{out}: was begun as a dataset of another kind; start over with --overwrite"
        )
    wanted = job.options(now)
    for name, value in job.options(before).items():
        if value != wanted[name]:
            raise MuseganError(
                f"{out}: was begun with {name} {value}, not {wanted[name]}; "
                "start over with --overwrite"
            )


def _take_up(out: Path, groups: Sequence[Sequence[Item]], job: Job[Item, Made]) -> int:
    """How many groups an earlier run has done; what they held is remembered."""
    number = 0
    while (shard := out / shard_name(number)).exists():
        footer = read_footer(shard)
        _check_settings(out, footer["settings"], job)
        group = groups[number] if number < len(groups) else []
        known = [source_entry(item, digest(item.path), job.labels(item)) for item in group]
        told = footer["sources"]
        names = known[0] if known else ()
        if not known or known != [{name: then.get(name) for name in names} for then in told]:
            raise MuseganError(
                f"{out}: was begun with other files, labels or licences; "
                "start over with --overwrite"
            )
        job.remember(shard)
        number += 1
    return number
