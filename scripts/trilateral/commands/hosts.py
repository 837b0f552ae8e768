"""``trilateral publish hosts``: write the rules by which hosts of files give the site."""

from __future__ import annotations

from argparse import Namespace

from trilateral.commands.console import print_json
from trilateral.home import find_home
from trilateral.publish.history.retired import read_redirects
from trilateral.publish.hosts.table import make_table
from trilateral.publish.hosts.versions import read_versions
from trilateral.publish.hosts.write import write_hosts
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.release.refusals import RefusedError
from trilateral.publish.release.writing import write as write_aside


def write(options: Namespace) -> int:
    """Write the rules into a folder that is not there yet."""
    folder = options.out.resolve()
    if folder.exists():
        raise RefusedError(
            f"{folder}: this stands, and nothing is written over it.", "Name another with --out."
        )
    home = find_home()
    retired = read_redirects(home)
    table = make_table(options.base, options.base_path, read_versions(home), retired)
    files = write_hosts(table, read_citation(home.root))
    write_aside(files, folder, "the folder")
    if options.json:
        print_json(sorted(files))
        return 0
    for name in sorted(files):
        print(folder / name)
    if not options.base:
        print("without the entry of w3id.org, which needs the address of the site: --base URL")
    return 0
