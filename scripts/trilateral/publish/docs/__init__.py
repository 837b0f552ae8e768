"""Docs: the guide, the ontology, its shapes, its pictures and the questions as one site of files.

`make` puts the pages together, each part of them made by a module of its own; nothing is
written before every link of every page leads somewhere (`links`).
"""
