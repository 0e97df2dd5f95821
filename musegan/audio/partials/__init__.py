"""Notes as pictures of their partials and noise, the same rows at all pitches."""
