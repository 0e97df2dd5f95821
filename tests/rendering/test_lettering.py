from musegan.rendering.lettering import face, fitted, plain


def test_letters_the_face_lacks_are_replaced() -> None:
    assert plain("Señor Müller · 東京\n") == "Senor Muller · ??"
    assert fitted("a very long name indeed", 14, 60).endswith("...")
    assert fitted("short", 14, 60) == "short"


def test_fitted_text_is_as_wide_as_asked_for_and_no_letter_shorter_than_need_be() -> None:
    text, width = "a very long name indeed", 60
    shown = fitted(text, 14, width)
    kept = shown.removesuffix("...")
    assert text.startswith(kept)
    assert face(14).getlength(shown) <= width < face(14).getlength(text[: len(kept) + 2] + "...")
