"""History: how one version of the dataset differs from another, thing by thing.

Differences are taken on canonical N-Quads and written as text, HTML, JSON and RDF Patch. What a
version no longer has is retired, with its reason, and may not vanish from a release.
"""
