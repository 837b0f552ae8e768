"""Ask: the questions of ``queries/``, run with parameters on one engine or the other."""
