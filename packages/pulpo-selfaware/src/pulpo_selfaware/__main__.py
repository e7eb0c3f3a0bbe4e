"""The command of this package: `python -m pulpo_selfaware tail FILE`."""

from __future__ import annotations

import sys

from pulpo_selfaware.tail import main

sys.exit(main())
