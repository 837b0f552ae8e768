"""Run the mutation tests alone: ``python -m proof.mutants``."""

import sys

from proof.mutants.page import report, run

if __name__ == "__main__":
    done = run()
    sys.stdout.write(report(done))
    sys.exit(bool(done.forbidden or done.unmatched or done.unneeded or done.needless))
