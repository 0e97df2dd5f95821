"""What a musician does with a model."""
