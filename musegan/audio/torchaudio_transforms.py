"""The one way to torchaudio's transforms, on machines with CUDA and without.

The registry's wheel of torchaudio is built for CUDA: on a machine without, `import torchaudio`
fails on a compiled extension that wants CUDA's libraries. The transforms used here are plain torch
and do not need it. So where the plain import fails, and only there, an empty stand-in takes the
extension's place before torchaudio is imported; it says, in torchaudio's own words, that there is
no extension, as torchaudio itself does where none was built.
"""

from __future__ import annotations

import sys
from types import ModuleType

EXTENSION = "torchaudio._extension"


def import_transforms() -> ModuleType:
    """The module `torchaudio.transforms`.

    Raises:
        ModuleNotFoundError: torchaudio is not installed.
    """
    try:
        import torchaudio.transforms
    except ModuleNotFoundError:
        raise
    except (ImportError, OSError, RuntimeError):
        _forget_torchaudio()
        sys.modules[EXTENSION] = _no_extension()
        import torchaudio.transforms
    transforms: ModuleType = torchaudio.transforms
    return transforms


def _no_extension() -> ModuleType:
    stand_in = ModuleType(EXTENSION)
    stand_in.__dict__.update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        fail_if_no_align=lambda function: function,  # decorates what fails when it is called
    )
    return stand_in


def _forget_torchaudio() -> None:
    """Drop what a failed import has left half-made."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
        del sys.modules[name]
