import numpy as np
import pytest

from musegan.rendering.voices import LAYERS, RELEASE, play_tracks
from musegan.rendering.wave import PEAK, Sound, render_wave
from musegan.song import Multitrack, Notes, Tempo, Track

RATE = 16_000


class Sine:
    """Plays sines, and remembers what it was asked for."""

    rings = False

    def __init__(self, rate: int = RATE) -> None:
        self.rate = rate
        self.asked: list[tuple[int, float, float]] = []

    def play(self, pitch: int, seconds: float, brightness: float) -> np.ndarray:
        self.asked.append((pitch, round(seconds, 3), brightness))
        time = np.arange(round(seconds * self.rate)) / self.rate
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        return (0.1 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def song(*rows: tuple[int, int, int, int], drums: bool = False) -> Multitrack:
    """Notes in hundredths of a second."""
    tracks = [Track(Notes.of(list(rows)), name="lead")]
    if drums:
        tracks.append(Track(Notes.of([(0, 20, 38, 100)]), is_drum=True))
    return Multitrack(tuple(tracks), 100, (Tempo(0, 60.0),))


def test_a_note_begins_on_its_sample_lasts_as_written_and_dies_away():
    wave = play_tracks(song((50, 30, 69, 127)), {0: [Sine()]}, RATE)
    begin, end = round(0.5 * RATE), round((0.8 + RELEASE) * RATE)
    assert not wave[: begin + 1].any()
    expected = Sine().play(69, 0.3, 0.0)
    np.testing.assert_allclose(wave[begin : begin + len(expected)], expected, atol=1e-6)
    assert np.abs(wave[end - 160 : end]).max() < 0.003
    assert len(wave) <= end + 2


def test_nothing_clicks_where_notes_end():
    wave = play_tracks(song((0, 31, 69, 127), (50, 7, 69, 127)), {0: [Sine()]}, RATE)
    steepest = 0.1 * 2 * np.pi * 440 / RATE
    assert np.abs(np.diff(wave)).max() < 1.1 * steepest


def test_each_pitch_and_layer_is_made_once_as_long_as_its_longest_note():
    voice = Sine()
    rows = ((0, 50, 60, 120), (100, 20, 60, 121), (200, 30, 60, 20), (300, 10, 64, 120))
    play_tracks(song(*rows), {0: [voice]}, RATE)
    assert sorted(voice.asked) == sorted(
        [
            (60, round(0.5 + RELEASE, 3), LAYERS[2]),
            (60, round(0.3 + RELEASE, 3), LAYERS[0]),
            (64, round(0.1 + RELEASE, 3), LAYERS[2]),
        ]
    )


@pytest.mark.parametrize("velocity", [1, 64, 127])
def test_velocity_is_gain_as_general_midi_has_it(velocity):
    wave = play_tracks(song((0, 100, 69, velocity)), {0: [Sine()]}, RATE)
    assert np.abs(wave).max() == pytest.approx(0.1 * (velocity / 127) ** 2, rel=0.01)


def test_several_players_take_turns():
    first, second = Sine(), Sine()
    play_tracks(song((0, 10, 60, 90), (90, 10, 72, 90)), {0: [first, second]}, RATE)
    assert [pitch for pitch, _, _ in first.asked] == [60]
    assert [pitch for pitch, _, _ in second.asked] == [72]


def test_other_rates_are_brought_to_the_songs():
    wave = play_tracks(song((0, 100, 69, 127)), {0: [Sine(16_000)]}, 48_000)
    spectrum = np.abs(np.fft.rfft(wave[:48_000]))
    assert int(spectrum.argmax()) == 440


def test_voices_and_soundfont_sound_together_and_nothing_is_cut_off():
    wave = render_wave(song((0, 100, 69, 127), drums=True), Sound(sample_rate=RATE), {0: [Sine()]})
    assert wave.shape[1] == 2
    assert np.abs(wave).max() == pytest.approx(PEAK, abs=1e-5)
    spectrum = np.abs(np.fft.rfft(wave[:RATE, 0]))
    assert int(spectrum[300:2000].argmax()) + 300 == 440
    assert not np.allclose(wave[:800, 0], wave[0, 0])


def test_a_song_of_voices_alone_needs_no_soundfont_notes():
    wave = render_wave(song((0, 50, 60, 100)), Sound(sample_rate=RATE), {0: [Sine()]})
    assert np.array_equal(wave[:, 0], wave[:, 1])
    assert len(wave) == pytest.approx((0.5 + RELEASE) * RATE, abs=3)


def test_drums_ring_out_however_short_their_notes_are():
    class Drum(Sine):
        rings = True

        def play(self, pitch, seconds, brightness):
            return super().play(pitch, 0.5, brightness)

    wave = play_tracks(song((0, 2, 69, 127), (10, 2, 60, 127)), {0: [Drum()]}, RATE)
    assert len(wave) == pytest.approx(0.6 * RATE, abs=3)
    assert np.abs(wave[round(0.4 * RATE) : round(0.45 * RATE)]).max() > 0.1
