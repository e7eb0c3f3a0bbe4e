#!/usr/bin/env python3
"""Draw the main commands as docs/pictures/*.svg: `uv run python scripts/terminal_pictures.py`.

Each command runs as a process on the example shop, in a folder of its own, with colours; Rich draws
what it wrote.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
COLUMNS = 100
#: Picture, and the command line that it shows.
COMMANDS = {
    "help": "pulpo --help",
    "models": "pulpo models",
    "flows": "pulpo flows orders",
    "inspect": "pulpo inspect orders.pay",
    "impact": "pulpo impact Order.total",
    "lint": "pulpo lint",
    "plan": "pulpo compile --plan",
    "ops-run-help": "./main ops run orders.pay --help",
    "ops-list": "./main ops list",
}
#: A mistake for `lint` and a change for `compile --plan`; what is shown before is as it should be.
MISTAKE = (
    "models/order.py",
    "    cancel_reason: str | None = None\n",
    "    cancel_reason: Reasn\n",
)
CHANGE = ("models/supplier.py", "    name: str\n", "    name: str\n    phone: str = ''\n")
EDITS = {"lint": MISTAKE, "plan": CHANGE}


def main() -> None:
    """Draw every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pulpo-pictures-") as temporary:
        shop = Path(temporary) / "shop"
        written("pulpo new shop --template shop", shop.parent)
        for name, command in COMMANDS.items():
            draw(name, command, output(name, command, shop))
            print(f"docs/pictures/{name}.svg")


def output(name: str, command: str, shop: Path) -> str:
    """Return what a command writes, with the edit that its picture needs in place meanwhile."""
    if name not in EDITS:
        return written(command, shop)
    file, before, after = EDITS[name]
    source = (shop / file).read_text("utf-8")
    if before not in source:
        raise SystemExit(f"{file} of the shop has no {before!r} any more")
    (shop / file).write_text(source.replace(before, after), "utf-8")
    try:
        return written(command, shop)
    finally:
        (shop / file).write_text(source, "utf-8")


def written(command: str, folder: Path) -> str:
    """Run a command line and return its result, or what it said where it has none."""
    words = command.split()
    programs = {"pulpo": ["-m", "pulpo_cli"], "./main": ["main"]}
    done = subprocess.run(
        [sys.executable, *programs[words[0]], *words[1:]],
        cwd=folder,
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "Traceback (most recent call last)" in done.stderr:
        raise SystemExit(f"{command} crashed:\n{done.stderr}")
    return (done.stdout or done.stderr).replace(str(folder), "/home/ada/shop")


def draw(name: str, command: str, text: str) -> None:
    """Write one picture. Equal text gives an equal file."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
        console.print(Text.from_ansi(text.rstrip()))
        console.save_svg(str(PICTURES / f"{name}.svg"), title="", unique_id=f"pulpo-{name}")


if __name__ == "__main__":
    main()
