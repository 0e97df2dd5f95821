"""Whole experiments as YAML files, found by name."""

from pathlib import Path

FOLDER = Path(__file__).parent
