"""Proof: what shows that the checks can be believed; ``python -m proof`` writes docs/proof.md."""
