"""Run the command line with ``python -m trilateral``."""

import sys

from trilateral.cli import main

sys.exit(main())
