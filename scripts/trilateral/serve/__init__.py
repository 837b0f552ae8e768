"""Serve: the graph as linked data, pages that people read, and an endpoint that holds.

The flow: `run` listens; `app` puts the parts together; `web` is what holds for every
answer; `linked_data`, `api` and `pages` answer; what they ask of the graph goes through
`site` and `generation` (one version of the data) to `workers`, processes that hold it.
"""
