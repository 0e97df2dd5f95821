"""Turn music into training data, train multi-track GANs on it, and write new music."""

__version__ = "0.1.0"
