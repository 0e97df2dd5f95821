"""Songs made audible and visible: sound files and piano-roll pictures.

Nothing is imported here: pictures need no audio library, and a training draws them without one.
"""
