from musegan.instruments.naming import find_name


def test_a_name_is_found_in_any_case() -> None:
    assert find_name("LEAD", ("drums", "Lead")) == 1
    assert find_name("Straße", ("STRASSE",)) == 0
    assert find_name("tuba", ("drums", "lead")) is None


def test_of_names_that_differ_in_case_alone_the_one_spelt_so_is_meant() -> None:
    assert [find_name(name, ("Bass", "bass")) for name in ("Bass", "bass", "BASS")] == [0, 1, 0]
