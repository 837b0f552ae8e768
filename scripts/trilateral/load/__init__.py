"""Load: the dataset put into a store that somebody has, whole or not at all, and verified."""
