"""What becomes of sources that nobody writes by hand: a result or a diagnostic, time and memory.

    uv run python benchmarks/analysis/extremes.py [FILES]

Each project is analysed by a process of its own, on a cold cache: its findings by code, its CPU
time as a multiple of `ast.parse` over the same files, and the most memory that each held. FILES is
the size of the project of many small files, 100,000 by default.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MODEL = """\
from beanie import Document
from pulpo_base import datamodel, operation


@datamodel
class Note(Document):
    '''A note.'''

    text: str = ""

"""

_RUN = """
import ast, collections, json, resource, sys, time
from pathlib import Path
from typing import Any
root = Path(sys.argv[1])
if sys.argv[2] == "parse":
    started = time.process_time()
    for path in sorted(root.rglob("*.py")):
        try:
            ast.parse(path.read_bytes())
        except (SyntaxError, MemoryError, RecursionError):
            pass
    found, models = [], 0
else:
    from pulpo_analysis import analyse
    started = time.process_time()
    answer = analyse(root)
    found, models = [one.code for one in answer.diagnostics], len(answer.app.models)
print(json.dumps({
    "seconds": time.process_time() - started,
    "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "found": dict(collections.Counter(found)),
    "models": models,
}))
"""


def long_file(root: Path) -> None:
    """Write 50,000 lines of functions below a model."""
    body = "def work_{0}(value: int) -> int:\n    total = value + {0}\n    return total\n\n\n"
    (root / "long.py").write_text(_MODEL + "".join(body.format(n) for n in range(10_000)))


def long_operation(root: Path) -> None:
    """Write an operation of 50,000 lines."""
    lines = "    total = max(total, 1) + len(str(total))\n" * 50_000
    head = '@operation(name="notes.count")\ndef count() -> int:\n    """Count."""\n    total = 0\n'
    (root / "operation.py").write_text(f"{_MODEL}{head}{lines}    return total\n")


def brackets(root: Path) -> None:
    """Write 5,000 nested brackets."""
    (root / "nested.py").write_text(f"{_MODEL}DEEP = {'[' * 5_000}{']' * 5_000}\n")


def calls(root: Path) -> None:
    """Write a chain of 5,000 method calls, which the parser takes and recursion may not."""
    (root / "chain.py").write_text(f"{_MODEL}CHAIN = Note{'.a()' * 5_000}\n")


def literal(root: Path) -> None:
    """Write a literal of 10 MB as a model's default."""
    text = "x" * 10_000_000
    (root / "literal.py").write_text(_MODEL.replace('= ""', f'= "{text}"'))


def table(root: Path) -> None:
    """Write a list of 10 MB beside a model."""
    (root / "table.py").write_text(f"{_MODEL}TABLE = [{'123456789, ' * 900_000}]\n")


def small_files(count: int) -> Callable[[Path], None]:
    """Return what writes that many files of one line, 1,000 to a folder, and a model."""

    def write(root: Path) -> None:
        (root / "note.py").write_text(_MODEL)
        for number in range(count):
            folder = root / f"part_{number // 1000}"
            if number % 1000 == 0:
                folder.mkdir()
            (folder / f"file_{number}.py").write_text(f"VALUE = {number}\n")

    return write


def main(files: int) -> None:
    """Measure every project and print the table."""
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{'':28}{'s':>7}{'of ast.parse':>14}{'MiB':>7}{'ast.parse':>11}  outcome")
    for name, write in {
        "50,000 lines of functions": long_file,
        "an operation of 50,000 lines": long_operation,
        "5,000 nested brackets": brackets,
        "5,000 chained calls": calls,
        "a default of 10 MB": literal,
        "a list of 10 MB": table,
        f"{files:,} files of a line": small_files(files),
    }.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write(root)
            parsed, read = (_run(root, what) for what in ("parse", "analyse"))
        ratio = read["seconds"] / max(parsed["seconds"], 0.001)
        codes = ", ".join(f"{code} x {n}" for code, n in sorted(read["found"].items()))
        outcome = f"{read['models']} model; {codes or 'no findings'}"
        spent = f"{read['seconds']:7.2f}{ratio:14.2f}"
        memory = f"{read['mebibytes']:7.0f}{parsed['mebibytes']:11.0f}"
        print(f"{name:28}{spent}{memory}  {outcome}")


def _run(root: Path, what: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(root), what], capture_output=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
