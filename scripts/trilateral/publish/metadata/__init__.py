"""Metadata: what catalogues and search engines read about a release, each in its own format.

All of them are written from one table of facts (`facts`), which has them from
``CITATION.cff`` and from the files of the release themselves. Nothing else is told: no
person, body, address or identifier that is not there. Files are named relative to the
folder of the release, so that every address exists wherever the folder lies.
"""
