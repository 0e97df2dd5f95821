"""What General MIDI calls its programs and drums (GM level 1; a few drums are Roland's GS)."""

from __future__ import annotations

import re

_FAMILIES = """
grand piano, bright piano, electric grand, honky-tonk, electric piano 1, electric piano 2, harpsichord, clavinet
celesta, glockenspiel, music box, vibraphone, marimba, xylophone, tubular bells, dulcimer
drawbar organ, percussive organ, rock organ, church organ, reed organ, accordion, harmonica, bandoneon
nylon guitar, steel guitar, jazz guitar, clean guitar, muted guitar, overdriven guitar, distorted guitar, guitar harmonics
acoustic bass, fingered bass, picked bass, fretless bass, slap bass 1, slap bass 2, synth bass 1, synth bass 2
violin, viola, cello, contrabass, tremolo strings, pizzicato strings, harp, timpani
strings 1, strings 2, synth strings 1, synth strings 2, choir aahs, voice oohs, synth voice, orchestra hit
trumpet, trombone, tuba, muted trumpet, French horn, brass section, synth brass 1, synth brass 2
soprano sax, alto sax, tenor sax, baritone sax, oboe, English horn, bassoon, clarinet
piccolo, flute, recorder, pan flute, blown bottle, shakuhachi, whistle, ocarina
square lead, saw lead, calliope lead, chiff lead, charang lead, voice lead, fifths lead, bass + lead
new age pad, warm pad, polysynth pad, choir pad, bowed pad, metallic pad, halo pad, sweep pad
rain, soundtrack, crystal, atmosphere, brightness, goblins, echoes, sci-fi
sitar, banjo, shamisen, koto, kalimba, bagpipe, fiddle, shanai
tinkle bell, agogo, steel drums, woodblock, taiko, melodic tom, synth drum, reverse cymbal
fret noise, breath noise, seashore, bird, telephone, helicopter, applause, gunshot
"""  # noqa: E501  # a family of eight a line, as the standard has it

PROGRAMS = tuple(
    name.strip() for family in _FAMILIES.strip().splitlines() for name in family.split(",")
)
"""Name of each of the 128 programs."""

_FROM_27 = """
high Q, slap, scratch push, scratch pull, sticks, square click, metronome, metronome bell,
kick 2, kick, side stick, snare, clap, snare 2, low floor tom, closed hi-hat, floor tom,
pedal hi-hat, low tom, open hi-hat, mid tom, high-mid tom, crash, high tom, ride, china,
ride bell, tambourine, splash, cowbell, crash 2, vibraslap, ride 2, high bongo, low bongo,
mute conga, high conga, low conga, high timbale, low timbale, high agogo, low agogo, cabasa,
maracas, short whistle, long whistle, short guiro, long guiro, claves, high woodblock,
low woodblock, mute cuica, open cuica, mute triangle, triangle, shaker, jingle bell, bell tree,
castanets, mute surdo, surdo
"""

DRUMS = {pitch: name.strip() for pitch, name in enumerate(_FROM_27.split(","), 27)}
"""Name of each drum by its pitch on the drum channel, 27..87."""

_NOTE = re.compile(r"([A-Ga-g])([#b]?)(-?\d)")
_PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def pitch_name(pitch: int) -> str:
    """Scientific name of a MIDI pitch: 60 is C4."""
    return f"{_PITCH_CLASSES[pitch % 12]}{pitch // 12 - 1}"


def pitch_of(text: str) -> int | None:
    """The MIDI pitch that is written as its number or its scientific name: 60, C4, Db-1.

    None where the text is neither, or tells a pitch beyond 0..127.
    """
    note = _NOTE.fullmatch(text)
    if note is None:
        pitch = int(text) if text.isdecimal() else -1
    else:
        letter, sign, octave = note.groups()
        step = _PITCH_CLASSES.index(letter.upper()) + {"#": 1, "b": -1, "": 0}[sign]
        pitch = 12 * (int(octave) + 1) + step
    return pitch if 0 <= pitch <= 127 else None


def drum_name(pitch: int) -> str:
    """What the drum at a pitch is called, or its number where General MIDI has none."""
    return DRUMS.get(pitch, f"drum {pitch}")


def program_name(program: int, is_drum: bool = False) -> str:
    """What a program is called; on the drum channel it chooses a kit, which has no GM name."""
    return "drums" if is_drum else PROGRAMS[program]
