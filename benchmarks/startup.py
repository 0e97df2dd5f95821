"""How long `musegan --help` takes, beside a bare `import click`: the price of a question."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

LIMIT = 0.4  # seconds

MUSEGAN = Path(sys.executable).with_name("musegan")


def seconds(command: Sequence[str | Path]) -> float:
    """Wall time of one run of a command that must succeed."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    """Alternate the commands, so that a busy moment meets both, and compare their medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    commands: dict[str, list[str | Path]] = {
        'python -c "import click"': [sys.executable, "-c", "import click"],
        "musegan --help": [MUSEGAN, "--help"],
        "musegan generate --help": [MUSEGAN, "generate", "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(seconds(command))
    medians = {name: sorted(taken)[runs // 2] for name, taken in times.items()}
    peer = next(iter(medians.values()))
    for name, median in medians.items():
        print(f"{name:28} {median:6.3f} s   x {median / peer:4.2f}   limit {LIMIT} s")


if __name__ == "__main__":
    main()
