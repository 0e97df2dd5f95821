"""How good, how varied and how original phrases are: metrics, distances, and the report."""
