"""The C allocator's settings for training on a CPU."""

from __future__ import annotations

import ctypes
import platform

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4  # malloc.h


def keep_memory() -> bool:
    """Ask glibc to keep freed blocks instead of returning them to the system after every step.

    A step allocates and frees the same hundreds of megabytes; faulting them in anew each time costs
    as much as the arithmetic. Returns whether the allocator took the settings (only glibc does).
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    settings = ((_MMAP_MAX, 0), (_TRIM_THRESHOLD, -1), (_TOP_PAD, 512 << 20))
    return all(libc.mallopt(name, value) == 1 for name, value in settings)
