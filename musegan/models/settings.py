"""What descriptions of models and recipes are made of: plain data, checked as it is read."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[int, Field(ge=1)]
Size = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Settings(BaseModel):
    """Values by key: no unknown keys, no changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
