import pytest
from pydantic import ValidationError

from musegan.models.settings import Positive, Settings, Share, Size


class Some(Settings):
    size: Size = 0
    count: Positive = 1
    share: Share = 0.5


@pytest.mark.parametrize(
    "data", [{"size": -1}, {"count": 0}, {"share": 1.1}, {"share": -0.1}, {"width": 1}]
)
def test_impossible_values_and_unknown_keys_are_errors(data: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Some.model_validate(data)


def test_what_was_read_does_not_change() -> None:
    some = Some(count=2)
    with pytest.raises(ValidationError):
        some.count = 3
