"""How real, how varied and how clean sounds are, beside real ones."""
