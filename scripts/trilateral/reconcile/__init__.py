"""Stage beside the flow: propose Wikidata items for things, for people to look up.

Nothing here writes to the dataset.
"""
