"""Publish: the dataset given out to others."""
