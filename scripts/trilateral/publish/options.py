"""Options: those of ``trilateral publish``, a subcommand for each thing that is published."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

SUMMARY = "write, verify, compare releases; nanopublications, site, documentation, rules for hosts"
_RELEASE = """\
A release is refused where checks find errors, where it stands already, where anything is
not committed, and where its date lies in the future or before the last commit or release.
"""
_NANOPUBS = """\
Writes a TriG file for each position: who holds it, according to whom, and on which words.
They are not signed, and nothing is sent anywhere. Refused where a release would be, and
where the folder exists.
"""
_SITE = """\
Writes all pages and documents that the server gives, as files for any web host. Refused
where checks find errors, and over a folder that holds anything else than such a site.
"""
_DOCS = """\
Writes the documentation as a site of files: the guide (docs/), the ontology with its lists of
values and pictures, its shapes and rules, and the questions with their queries and answers. All
links are checked; nothing is written where one leads nowhere, or where checks find errors.
"""
_HOSTS = """\
Writes the rules by which hosts of files give the site as the server does: Apache, nginx, Caddy,
Netlify and Cloudflare Pages, and with --base the entry of w3id.org. docs/hosting.md has it all.
"""
_DIFF = """\
Compares two releases, or two datasets in N-Quads (.nq, .nq.gz), thing by thing. Of a release
what is read is verified first. The formats: text for a terminal or for notes of a release, one
HTML page that needs no other file, JSON, and rdf, an RDF Patch that makes NEW out of OLD.
"""
_HISTORY = """\
Writes for each thing a page with the versions that changed it and how, a page, JSON and an RDF
Patch for each version, and an index. All releases of the folder are read and verified. A history
that was written there before is replaced; a folder that holds anything else is refused.
"""


def add_options(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Add the subcommands to a parser; ``common`` has the options that all verbs share."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="ACTION")
    release = kinds.add_parser(
        "release", parents=[common], help="write a release", description=_RELEASE
    )
    release.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder of all releases"
    )
    _add_date(release)
    release.set_defaults(run="publish.release")
    verify = kinds.add_parser("verify", help="verify checksums, hashes and counts of a release")
    verify.add_argument("release", type=Path, metavar="DIR", help="the folder of one release")
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.set_defaults(run="publish.verify_release")
    _add_diff(kinds.add_parser("diff", help="compare two versions", description=_DIFF))
    history = kinds.add_parser(
        "history", help="write the history of all releases", description=_HISTORY
    )
    history.add_argument("releases", type=Path, metavar="DIR", help="the folder of all releases")
    history.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder that is made"
    )
    history.set_defaults(run="publish.history")
    _add_nanopubs(
        kinds.add_parser(
            "nanopubs", parents=[common], help="write nanopublications", description=_NANOPUBS
        )
    )
    _add_site(
        kinds.add_parser(
            "site", parents=[common], help="write the site as files", description=_SITE
        )
    )
    _add_docs(
        kinds.add_parser(
            "docs", parents=[common], help="write the documentation as a site", description=_DOCS
        )
    )
    _add_hosts(kinds.add_parser("hosts", help="write rules for web hosts", description=_HOSTS))


def _add_site(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--out", type=Path, required=True, metavar="DIR", help="the folder of the site")
    add(
        "--base", type=_url, default="", metavar="URL",
        help="where it will be, as in https://HOST/PATH: in sitemap, descriptions and JSON-LD; "
        "default: the base of the names of things",
    )  # fmt: skip
    add(
        "--base-path", type=_path, default="", metavar="PATH",
        help="the path of its root, which its page for what is not found needs; default: that "
        "of --base, else /",
    )  # fmt: skip
    add(
        "--lang", choices=("en", "ja", "ko", "zh-hans", "zh-hant"), default="en",
        help="the language of its pages; default: en",
    )  # fmt: skip
    add(
        "--history", type=Path, metavar="DIR",
        help="a folder that publish history has written, which the pages lead to",
    )  # fmt: skip
    add("--all", action="store_true", help="make all files, also those that have not changed")
    parser.set_defaults(run="publish.site")


def _add_docs(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--out", type=Path, required=True, metavar="DIR", help="the folder of the documentation")
    add(
        "--site", type=_url, default="", metavar="URL",
        help="the site or server that its links to things, answers and the editor lead to; "
        "default: the base of the names of things",
    )  # fmt: skip
    parser.set_defaults(run="publish.docs")


def _url(text: str) -> str:
    if not re.fullmatch(r"(?:https?://[\w.-]+(?::\d+)?(?:/[\w.~-]+)*/?)?", text, re.ASCII):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address of a site: https://HOST/PATH, without ? and #"
        )
    return text


def _path(text: str) -> str:
    if not re.fullmatch(r"(?:/(?:[\w.~-]+/?)*)?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no path such as /trilateral/")
    return text


def _add_hosts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder that is made"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--base", default="", metavar="URL", help="the address of the site, which w3id.org leads to"
    )
    where.add_argument(
        "--base-path", default="", metavar="PATH",
        help="the path of the site where it is not the root of its host, such as /trilateral",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run="hosts.write")


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path, metavar="OLD", help="a release, or a dataset in N-Quads")
    parser.add_argument("new", type=Path, metavar="NEW", help="another")
    parser.add_argument(
        "--format", choices=("text", "html", "json", "rdf"), default="text", help="default: text"
    )
    parser.add_argument("--brief", action="store_true", help="text: the counts alone")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write here instead of standard output"
    )
    parser.set_defaults(run="publish.diff")


def _add_nanopubs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder that is made"
    )
    _add_date(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--stance", nargs="+", default=(), metavar="ID",
        help="only these: slug, short form or IRI of a stance or recommendation",
    )  # fmt: skip
    which.add_argument(
        "--source", metavar="ID", help="only those of one document, such as china-daily-2024"
    )
    parser.set_defaults(run="publish.nanopubs")


def _add_date(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date", type=_date, metavar="YYYY-MM-DD", help="its version; default: today (UTC)"
    )


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise argparse.ArgumentTypeError(f"{text}: this is no date such as 2026-11-30")
    return found
