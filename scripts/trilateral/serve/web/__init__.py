"""Web: what holds for every request and every answer, whatever it is about."""
