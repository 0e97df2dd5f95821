"""Phrase datasets: cutting songs into phrases, storing and loading them."""
