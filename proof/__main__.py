"""Write docs/proof.md: ``python -m proof [PART ...]``; all parts take about an hour on two cores.

Named parts are made again, the others stay as they are on the page.
"""

import argparse
import datetime
import re
import sys
from pathlib import Path

from proof import broken, engines, faults, incremental, logic, mutants, site, standards
from trilateral import __version__

PAGE = Path(__file__).parents[1] / "docs" / "proof.md"
PARTS = {
    "mutants": mutants,
    "engines": engines,
    "logic": logic,
    "standards": standards,
    "broken": broken,
    "faults": faults,
    "incremental": incremental,
    "site": site,
}
HEAD = """# Proof

What shows that the checks can be believed. `make proof` makes this page; it needs Java
17, Maven, Node.js 18 and npm, and takes about an hour on two cores; `python -m proof
standards` makes one part again. The tests hold the same claims on every change, some of
them on a sample. Times are of one machine, which was not idle: trust the ratios.
"""
_PART = re.compile(r"<!-- (\w+): version [^>]+ -->\n")


def main() -> None:
    """Run the named parts, or all, and write the page as a whole."""
    parser = argparse.ArgumentParser(prog="python -m proof", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    wanted = parser.parse_args().parts or list(PARTS)
    sections = read()
    for name in wanted:
        print(f"{name} ...", file=sys.stderr, flush=True)
        sections[name] = f"<!-- {name}: {_made()} -->\n{PARTS[name].section().strip()}\n"
        write(sections)


def read() -> dict[str, str]:
    """Return the sections of the page by part, each with its mark."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    marks = list(_PART.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)] * bool(marks)
    return {m[1]: text[m.start() : end].strip() + "\n" for m, end in zip(marks, ends, strict=True)}


def write(sections: dict[str, str]) -> None:
    """Write the page aside, then swap it in."""
    aside = PAGE.with_suffix(".part")
    text = [HEAD, *(sections[name] for name in PARTS if name in sections)]
    aside.write_text("\n".join(text), encoding="utf-8")
    aside.replace(PAGE)


def _made() -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    return f"version {__version__}, {today.day} {today:%B %Y}"


main()
