"""The text of track names: MIDI does not say in which encoding they are.

Names are too short to count letters in: charset-normalizer takes `Violão` for Chinese. But scripts
leave marks. In Western words letters of ASCII stand beside the accented ones, while words that are
Cyrillic, Japanese or Chinese are without them.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LETTER = re.compile("[A-Za-z]")

# Shift-JIS's kana and common kanji, whose first bytes are not of letters elsewhere
_SHIFT_JIS = re.compile(rb"(?:[\0-\x7f]|[\x81-\x9f][\x40-\xfc])*")
_JAPANESE = re.compile("[\0-\x7f\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]*")
_KANA = re.compile("[\u3041-\u30fa]{2}")

_BESIDE = re.compile("[\0-@[-`{-\x7f«»№–—’“”„…]+")  # what is between words
_CYRILLIC = re.compile("[А-ЯЁІЇЄҐ]?[а-яёіїєґ]+|[А-ЯЁІЇЄҐ]+")
_VOWEL = re.compile("[аеёиоуыэюяіїє]")
_SHORTEST = 3  # letters of a word that tells; à and Å are words too

_COMMON_CHINESE = re.compile(rb"(?:[\0-\x7f]|[\xb0-\xd7][\xa1-\xfe])*")  # GB 2312's first level


@lru_cache(4096)
def decode_name(name: bytes) -> str:
    """A name's text: UTF-8, else Japanese, Cyrillic or Chinese where it looks so, else Western."""
    for encoding, looks_so in (
        ("utf-8", lambda text: True),
        ("cp932", lambda text: bool(_SHIFT_JIS.fullmatch(name)) and _is_japanese(text)),
        ("cp1251", _is_cyrillic),
        ("gb2312", lambda text: bool(_COMMON_CHINESE.fullmatch(name)) and _is_chinese(text)),
    ):
        try:
            text = name.decode(encoding)
        except UnicodeDecodeError:
            continue
        if looks_so(text):
            return text
    return name.decode("cp1252", errors="replace")


def _is_japanese(text: str) -> bool:
    """Whether kana stand together, or kanji without Latin letters."""
    together = _KANA.search(text) or not _LETTER.search(text)
    return bool(_JAPANESE.fullmatch(text) and together)


def _is_cyrillic(text: str) -> bool:
    """Whether all words but ASCII's are in Cyrillic of a usual case, and one is long enough."""
    words = [word for word in _BESIDE.split(text) if not word.isascii()]
    return all(map(_CYRILLIC.fullmatch, words)) and any(
        len(word) >= _SHORTEST and _VOWEL.search(word.lower()) for word in words
    )


def _is_chinese(text: str) -> bool:
    """Whether there are two characters or more, and no Latin letters."""
    return sum(not letter.isascii() for letter in text) > 1 and not _LETTER.search(text)
