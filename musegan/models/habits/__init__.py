"""How the tracks of a planned phrase play: a file a habit, and `playing` where they come together.

Each habit is a pure function of notes and of levels, a number or a few for each track; with its
first levels it changes nothing. `musegan.training.calibration` sets them.
"""
