"""`musegan plot`: a sound file becomes a picture."""

from __future__ import annotations

from pathlib import Path

import click

from musegan.cli.common import fail, plain_errors, print_json, say
from musegan.cli.options import OutPicture, json_option, overwrite_option, quiet_option


@click.command()
@click.argument("sound", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=OutPicture(),
    help="The picture.  [default: the sound's name with .png, in the current folder]",
)
@click.option(
    "--seconds",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.01, 600),
    help="How much to draw, from the start.",
)
@click.option(
    "--rate",
    default=16_000,
    show_default=True,
    type=click.IntRange(4_000, 96_000),
    help="Samples a second; frequencies are drawn up to half of it.",
)
@overwrite_option
@quiet_option
@json_option
@plain_errors
def command(
    sound: Path,
    out: Path | None,
    seconds: float,
    rate: int,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Draw the spectrograms of SOUND as a model sees them: WAV, AIFF, FLAC, Ogg or MP3.

    The upper one shows how loud each frequency is; the lower one, in colours, how its phase
    advances: a steady tone keeps its colour. (`musegan inspect song.mid --png` draws MIDI.)

    \b
    Examples:
      musegan plot note.wav
      musegan plot song.mp3 --seconds 30 --rate 44100 --out song.png
    """
    from musegan.audio.reading import read_recording, resampled
    from musegan.files import put
    from musegan.midi import MIDI_ENDINGS
    from musegan.rendering.spectrogram import draw_wave

    if sound.suffix.lower() in MIDI_ENDINGS:
        fail(f"{sound}: MIDI, not sound; draw it with `musegan inspect {sound} --png PICTURE`")

    picture = out or Path(f"{sound.stem}.png")
    wave = resampled(read_recording(sound, seconds), rate)
    put(picture, lambda path: draw_wave(wave, rate, path, sound.name), overwrite)
    if as_json:
        drawn = {"seconds": round(len(wave) / rate, 3), "rate": rate}
        print_json({"sound": str(sound), "picture": str(picture), **drawn})
    say(f"{picture}: {len(wave) / rate:.2f} s of {sound.name}", quiet)
