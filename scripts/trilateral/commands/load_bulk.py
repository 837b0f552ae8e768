"""``trilateral load --bulk``: a new store in a new folder, by the bulk loader of its vendor."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from trilateral.commands.console import print_json, progress
from trilateral.errors import UnknownNameError
from trilateral.load import bulk
from trilateral.load.source import find


def run(options: Namespace) -> int:
    """Make the store, and print how it is served."""
    folder = options.bulk.absolute()
    given = {
        "an address": options.store_url,
        "--query": options.query,
        "--graph": options.graph,
        "--dry-run": options.dry_run,
        "--in-parts": options.in_parts,
        "--again": options.again,
    }
    if superfluous := [name for name, value in given.items() if value]:
        raise UnknownNameError(
            f"--bulk makes a new store in {folder}, which has no use for {superfluous[0]}.",
            "Leave out one of them.",
        )
    if options.store not in bulk.LOADERS:
        raise UnknownNameError(
            f"{options.store or 'the store'}: no bulk loader of it is known.",
            f"Add --store {' or '.join(bulk.LOADERS)}; others are told of in docs/stores.md.",
        )
    loader = bulk.LOADERS[options.store]
    wanted = partial(find, options.release, options.build, options.data)
    source, compared = bulk.load(loader, folder, wanted, progress, every=options.all_graphs)
    if options.json:
        print_json(
            {
                "folder": str(folder),
                "store": loader.name,
                "version": source.version,
                "rdfc10_sha256": source.rdfc10_sha256,
                "quads": source.counts["quads"],
                "compared": compared,
            }
        )
        return 0
    print(f"{folder} ({loader.name}): version {source.version} of {source.name}")
    print(source.verified(compared))
    print("serve it:")
    print(f"  {loader.serve(folder)}")
    print("or put it in the place of another: stop its server, move its folder away and this one")
    print("there, start the server")
    return 0
