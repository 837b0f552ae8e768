"""Build: the checked dataset written to ``dist/``, the same bytes every time."""
