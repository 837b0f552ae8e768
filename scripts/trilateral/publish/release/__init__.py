"""Release: one citable version of the dataset in all its formats, with what verifies it.

Everything is made from the files of a build, in memory, and is the same bytes each time.
"""
