from musegan.song import Notes, Track


def played(
    name: str = "", program: int = 0, pitch: int = 60, voices: int = 1, drums: bool = False
) -> Track:
    """A track of four onsets, each of `voices` notes around `pitch`."""
    rows = [
        (480 * beat, 240, pitch + 3 * voice - 3 * (voices // 2), 80)
        for beat in range(4)
        for voice in range(voices)
    ]
    return Track(Notes.of(rows), program, drums, name)
