"""Trilateral: who stands where in the Indo-Pacific, according to whom and on which words."""

__version__ = "0.4.0"
