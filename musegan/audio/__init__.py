"""Waveforms: read from files, shaped into notes, and turned into spectrograms and back."""
