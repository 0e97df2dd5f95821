"""Networks that make and judge notes as pictures of their partials and noise."""
