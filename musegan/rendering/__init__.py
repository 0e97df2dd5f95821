"""Songs made audible and visible: sound files and piano-roll pictures."""

from musegan.rendering.audio_file import AUDIO_FORMATS, render_audio, write_audio
from musegan.rendering.png import contact_sheet, draw_phrase, draw_song
from musegan.rendering.wave import Sound, render_wave

__all__ = [
    "AUDIO_FORMATS",
    "Sound",
    "contact_sheet",
    "draw_phrase",
    "draw_song",
    "render_audio",
    "render_wave",
    "write_audio",
]
