"""Mutation tests: one mistake at a time in valid data, and each constraint switched off in turn.

``python -m proof.mutants`` runs them all and lists every survivor in ``dist/proof/mutants.csv``.
"""

from proof.mutants.page import section

__all__ = ["section"]
