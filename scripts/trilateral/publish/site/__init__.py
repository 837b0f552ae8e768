"""Site: the whole of what the server gives as files that any web host serves.

The same application answers as ``trilateral serve`` runs, asked for each of its URLs in
turn (`addresses`); the links of its pages then lead to files (`layout`, `links`).
"""
