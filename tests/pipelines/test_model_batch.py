import pytest

from musegan.errors import MuseganError
from pipelines.model_batch import model_digest, usual_tempo
from tests.models.toys import toy_spec


@pytest.mark.parametrize(
    ("style", "tempo"), [("calm", 80), ("wild", 160), ("calm:3,wild:1", 100), (None, 100)]
)
def test_a_mix_of_styles_has_a_tempo_between_theirs(style: str | None, tempo: float) -> None:
    # three of four phrases that it learnt from are calm
    assert usual_tempo(toy_spec(style_counts={"calm": 30, "wild": 10}), style) == tempo


def test_styles_without_a_tempo_go_at_120() -> None:
    assert usual_tempo(toy_spec(tempos={"calm": 80.0}), "wild") == 120
    assert usual_tempo(toy_spec(styles=(), tempos={}), None) == 120


def test_an_unknown_style_has_no_tempo() -> None:
    with pytest.raises(MuseganError, match="no style 'polka'"):
        usual_tempo(toy_spec(), "polka")


def test_a_digest_tells_models_apart(tmp_path) -> None:
    digests = []
    for description, weights in (("a", "b"), ("a", "c"), ("d", "b"), ("a", "b")):
        (tmp_path / "model.json").write_text(description)
        (tmp_path / "model.safetensors").write_text(weights)
        digests.append(model_digest(tmp_path))
    assert digests[0] == digests[3]
    assert len(set(digests)) == 3
