"""Networks as small blocks: the piano-roll generator and critic, and how a model is kept."""
