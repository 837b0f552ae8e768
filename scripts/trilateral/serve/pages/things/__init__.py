"""Things: what the page of a thing is made of, kind by kind."""
