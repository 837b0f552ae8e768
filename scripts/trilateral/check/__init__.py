"""Check: everything that must hold before data are built, each finding with place and repair.

The stages, in the order of `run.run`: Turtle syntax and literals, Turtle form,
terms, shapes (SHACL), rules over more than one node (SPARQL), lint of shapes and
queries.
"""
