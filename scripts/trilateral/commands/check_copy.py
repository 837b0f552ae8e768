"""``trilateral check --endpoint``: is the copy in a store the version that it claims to be?"""

from __future__ import annotations

from argparse import Namespace

from trilateral.commands.console import home_of, open_endpoint, print_json, progress
from trilateral.load import copies
from trilateral.load.answers import uneven_answers
from trilateral.load.source import read_source
from trilateral.nouns import counted


def check_copy(options: Namespace) -> int:
    """Hold a copy against a version; exit status 1 when it differs."""
    client = open_endpoint(options)
    progress("reading what it is held against")
    source = read_source(options.release, options.build, options.data)
    marker = copies.read_marker(client)
    compared = list(source.graphs) if options.all_graphs else copies.sample(source)
    found = list(copies.differences(client, source, compared, progress))
    asked = 0
    if options.questions and not found:
        asked, uneven = uneven_answers(client, source, home_of(options), progress)
        found += uneven
    claimed = marker and {"version": marker.version, "rdfc10_sha256": marker.rdfc10_sha256}
    claim_holds = marker is None or marker.rdfc10_sha256 == source.rdfc10_sha256
    if options.json:
        print_json(
            {
                "url": client.url,
                "version": source.version,
                "rdfc10_sha256": source.rdfc10_sha256,
                "claimed": claimed,
                "identical": not found,
                "differences": [{"what": each.what, "how": each.how} for each in found],
                "compared": compared,
                "questions": asked,
            }
        )
        return 1 if found else 0
    if marker is None:
        print(f"{client.url} does not say which version it holds")
    else:
        print(f"{client.url} says that it holds version {marker.version}, {marker.rdfc10_sha256}")
    print(f"{source.name} is version {source.version}, {source.rdfc10_sha256}")
    if not claim_holds:
        print("so it does not claim to be this version")
    for each in found[:1]:
        print(f"differs: {each}")
    if found:
        print(f"{counted(len(found), 'difference')}; all with --json")
        return 1
    questions = f", {counted(asked, 'question')} by answer" if asked else ""
    print(f"identical: {source.in_words(compared)}{questions}")
    return 0
