"""Songs for hypothesis to draw."""

from hypothesis import strategies as st

from musegan.song import Key, Meter, Multitrack, Notes, Tempo, Track

Row = tuple[int, int, int, int]

TIMES = st.one_of(st.integers(0, 300), st.integers(0, 40_000_000))
NAMES = st.text(st.characters(exclude_categories=["C"]), max_size=9).map(str.strip)
ROWS = st.lists(
    st.tuples(
        TIMES,
        st.one_of(st.integers(1, 200), st.integers(1, 3_000_000)),
        st.sampled_from([0, 60, 61, 127]),
        st.integers(1, 127),
    ),
    min_size=1,
    max_size=12,
)
TEMPOS = st.builds(
    lambda time, microseconds: Tempo(time, 60e6 / microseconds),
    TIMES,
    st.integers(30_000, 15_000_000),
)
METERS = st.builds(Meter, TIMES, st.integers(1, 255), st.sampled_from([1, 2, 4, 8, 16, 32, 64]))
KEYS = st.builds(Key, TIMES, st.integers(-7, 7), st.booleans())


def nested(rows: list[Row]) -> bool:
    """Whether a note begins and ends within a longer one of its pitch."""
    return any(
        a[2] == b[2] and a[0] < b[0] and b[0] + b[1] < a[0] + a[1] for a in rows for b in rows
    )


def changes(kind: st.SearchStrategy) -> st.SearchStrategy:
    """Up to four changes at different times, in order."""
    return st.lists(kind, max_size=4, unique_by=lambda event: event.time).map(
        lambda events: tuple(sorted(events, key=lambda event: event.time))
    )


def songs(rows: st.SearchStrategy[list[Row]], most: int = 4) -> st.SearchStrategy[Multitrack]:
    """Songs whose tracks play `rows`, at most `most` tracks."""
    track = st.builds(
        Track, rows.map(lambda r: Notes.of(r).sorted()), st.integers(0, 127), st.booleans(), NAMES
    )
    return st.builds(
        Multitrack,
        st.lists(track, min_size=1, max_size=most).map(tuple),
        st.sampled_from([480, 1024, 32767]),
        changes(TEMPOS),
        changes(METERS),
        changes(KEYS),
        st.just("song"),
    )
