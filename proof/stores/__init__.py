"""Triple stores, installed and started for real, on a free port with their data in one folder.

``python -m proof.stores fuseki`` starts one and prints its address until Ctrl-C.
"""
