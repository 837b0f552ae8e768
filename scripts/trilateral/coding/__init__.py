"""Coding: the raw codings of the coders, and how far they agree."""
