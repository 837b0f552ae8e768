"""Print the section of the proof about engines: ``python -m proof.engines [--runs N]``."""

import argparse

from proof.engines import section

parser = argparse.ArgumentParser(prog="python -m proof.engines", description=__doc__)
parser.add_argument("--runs", type=int, default=1, help="timed runs of each engine (1)")
print(section(parser.parse_args().runs))
