"""Write docs/proof.md: ``python -m proof``; takes about half an hour on two cores."""

import datetime
import sys
from pathlib import Path

from proof import broken, engines, faults, incremental, logic, mutants, standards
from trilateral import __version__

PAGE = Path(__file__).parents[1] / "docs" / "proof.md"
PARTS = (mutants, engines, logic, standards, broken, faults, incremental)
HEAD = """# Proof

What shows that the checks can be believed. `make proof` made this page on {day} from
version {version}; it needs Java 17, Maven, Node.js 18 and npm, and takes about half an
hour on two cores. The tests hold the same claims on every change, some of them on a
sample. Times are of one machine and one run: trust the ratios.
"""


def main() -> None:
    """Run every part, then write the page as a whole."""
    text = [HEAD.format(day=_today(), version=__version__)]
    for part in PARTS:
        print(f"{part.__name__} ...", file=sys.stderr, flush=True)
        text.append(part.section().strip() + "\n")
    aside = PAGE.with_suffix(".part")
    aside.write_text("\n".join(text), encoding="utf-8")
    aside.replace(PAGE)


def _today() -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    return f"{today.day} {today:%B %Y}"


main()
