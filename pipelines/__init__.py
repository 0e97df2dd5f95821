"""Jobs that run over many files, each a thin flow over pure functions of musegan."""
