"""Serve: the graph as linked data, pages that people read, and an endpoint that holds.

The flow: `app` answers HTTP; what it asks of the graph goes through `pool` to the
workers that `engine` forks from a process that holds the store.
"""
