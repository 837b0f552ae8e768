"""Linked data: what machines read: documents, SPARQL, graphs, and what is said of them."""
