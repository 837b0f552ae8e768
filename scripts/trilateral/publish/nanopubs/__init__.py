"""Nanopublications: each position as one small publication, with what it rests on.

The mapping is the queries beside the modules: one finds the positions and names their
nanopublications, and one for each of the four graphs says what belongs into it.
"""
