r"""Ensembles: the ordered tracks a model knows, and the rules that place a MIDI track in one.

An ensemble is a YAML file:

    name: duo
    tracks:
      - {name: drums, drums: true, range: [35, 81]}
      - {name: piano, program: 0, range: [24, 107]}
    rules:                                   # the first that fits decides
      - {track: drums, drums: true}          # a track on the drum channel
      - {track: piano, name: '\b(piano|keys)\b'}             # a regular expression, any case
      - {track: piano, programs: [0-23], register: [0, 127]} # GM programs, median pitch
      - {track: piano, voices: [1, 2.4]}     # notes struck together, on average
      - {skip: 'no place in a duo'}          # the reason a person is told

A `name` is searched in the words of the track's name: "Lead_2(Gtr)" reads "Lead Gtr" and "EBass"
"E Bass", so that `\b` finds where an instrument's name begins and ends.
"""

from musegan.instruments.ensemble import Ensemble, EnsembleTrack, load_ensemble, parse_ensemble
from musegan.instruments.performing import to_multitrack
from musegan.instruments.rules import Rule, words

__all__ = [
    "Ensemble",
    "EnsembleTrack",
    "Rule",
    "load_ensemble",
    "parse_ensemble",
    "to_multitrack",
    "words",
]
