"""``trilateral load``: put the dataset into a store, and verify that it arrived."""

from __future__ import annotations

import sys
from argparse import Namespace

from trilateral.commands import load_bulk
from trilateral.commands.console import print_json, progress
from trilateral.errors import UnknownNameError
from trilateral.load.run import Plan, load, make_plan
from trilateral.load.source import Source, read_source
from trilateral.load.targets import find_target
from trilateral.load.targets.target import IN_PARTS, Target
from trilateral.load.transport import Transport
from trilateral.nouns import counted
from trilateral.prefixes import prefixes
from trilateral.remote.address import check_address, is_private
from trilateral.remote.client import Client
from trilateral.remote.credentials import find_credentials


def run(options: Namespace) -> int:
    """Load, and print what was done and how the store is asked."""
    if options.bulk:
        return load_bulk.run(options)
    url = options.store_url
    if not url:
        raise UnknownNameError("A load needs the address of a store.", "Add it, or --bulk DIR.")
    check_address(url, "a store", "http://127.0.0.1:7878")
    if options.query:
        check_address(options.query)
    credentials = find_credentials(url)
    if credentials and credentials.scheme != "digest" and not is_private(url):
        told = f"trilateral: {url} is not https: whoever is on the way can read the password."
        print(told, file=sys.stderr)
    transport = Transport(credentials, options.timeout, progress)
    target = find_target(url, options.store, transport)
    query = options.query or target.query
    if not query:
        raise UnknownNameError(
            f"{url}: nothing tells where it answers queries, by which the load is verified.",
            "Add --query URL.",
        )
    if options.in_parts and not target.in_parts:
        raise UnknownNameError(
            f"{url}: {target.name} has no transaction to swap graphs in.",
            "Leave out --in-parts: a load that broke off goes on anyway.",
        )
    client = Client(query, credentials, options.timeout, options.timeout * 10)
    graph = options.graph and (prefixes().expand(options.graph) or options.graph)
    progress("reading what is to be loaded")
    source = read_source(options.release, options.build, options.data)
    plan = make_plan(client, source, graph, progress)
    if options.again:
        plan = plan.again()
    compared: list[str] = []
    if not options.dry_run:
        if plan.is_empty and not options.json:
            print(f"{url}: nothing to do, it holds it already")
        compared = load(
            *(target, client, transport, source, plan, graph),
            every=options.all_graphs,
            in_parts=options.in_parts,
        )
    _print(options, target, client, source, plan, compared)
    return 0


def _print(
    options: Namespace,
    target: Target,
    client: Client,
    source: Source,
    plan: Plan,
    compared: list[str],
) -> None:
    sent = [*plan.changed, *plan.new]
    quads = sum(source.counts["graphs"][name] for name in sent)
    if options.json:
        print_json(
            {
                "url": target.url,
                "store": target.name,
                "query": client.url,
                "version": source.version,
                "rdfc10_sha256": source.rdfc10_sha256,
                "dry_run": options.dry_run,
                "graphs": {
                    "same": list(plan.same),
                    "changed": list(plan.changed),
                    "new": list(plan.new),
                    "gone": list(plan.gone),
                },
                "quads_sent": quads,
                "compared": compared,
            }
        )
        return
    would = "would be " if options.dry_run else ""
    print(f"{target.url} ({target.name}): version {source.version} of {source.name}")
    print(
        f"graphs: {len(plan.new)} {would}new, {len(plan.changed)} {would}replaced, "
        f"{len(plan.gone)} {would}removed, {len(plan.same)} as they are"
    )
    if options.dry_run:
        for kind, names in (("new", plan.new), ("replaced", plan.changed), ("removed", plan.gone)):
            for name in names:
                print(f"  {kind}  {name}")
        return
    if quads:
        print(f"{counted(quads, 'quad')} sent, {IN_PARTS if options.in_parts else target.how}")
    if options.graph:
        print("verified by canonical hash: the graph")
    else:
        print(source.verified(compared))
    print("ask it:")
    print(f"  trilateral ask who-holds --endpoint {client.url}")
    print(f"  trilateral check --endpoint {client.url}")
    print(f"is its default graph the union of the named graphs? {target.union}")
