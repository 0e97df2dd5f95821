"""Losses, regularisers, one train step, the loop and its checkpoints."""
