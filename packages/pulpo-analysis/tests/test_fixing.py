"""Fixes: what becomes of a file, and when nothing does."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_analysis.diagnostics.diagnostic import Edit, Fix
from pulpo_analysis.fixing.apply import planned_changes, write_change
from pulpo_analysis.fixing.edits import fixed_text
from pulpo_base.specs import SourceLocation

MODEL = '''\
from datetime import datetime
from decimal import Decimal

from beanie import Document
from pulpo_base import datamodel
from pydantic import Field


@datamodel
class Order(Document):
    """Größe: a wish."""

    total: Decimal | None = None  # pulpo: ignore[PLM006] idle
    at: datetime = Field(default_factory=datetime.utcnow)
    größe: str = str(datetime.utcnow())  # pulpo: ignore[PLO034, PLM006] naïve
'''

FIXED = '''\
from datetime import UTC, datetime
from decimal import Decimal

from beanie import DecimalAnnotation, Document
from pulpo_base import datamodel
from pydantic import Field


@datamodel
class Order(Document):
    """Größe: a wish."""

    total: DecimalAnnotation | None = None
    at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    größe: str = str(datetime.utcnow())  # pulpo: ignore[PLO034] naïve
'''


def _mended(root: Path, path: str = "models.py") -> bytes:
    for change in planned_changes(root, analyse(root).diagnostics):
        assert write_change(root, change)
    return (root / path).read_bytes()


@pytest.mark.parametrize(
    ("head", "encoding", "mark", "newline"),
    [
        ("", "utf-8", b"", "\n"),
        ("", "utf-8", codecs.BOM_UTF8, "\r\n"),
        ("# -*- coding: latin-1 -*-\n", "latin-1", b"", "\n"),
    ],
)
def test_encoding_mark_and_newlines_stay(
    head: str, encoding: str, mark: bytes, newline: str, project: Callable[..., Path]
) -> None:
    def as_bytes(text: str) -> bytes:
        return mark + (head + text).replace("\n", newline).encode(encoding)

    root = project({"models.py": as_bytes(MODEL)})
    (root / "models.py").chmod(0o640)
    assert _mended(root) == as_bytes(FIXED)
    assert (root / "models.py").stat().st_mode & 0o777 == 0o640
    assert [file.name for file in root.glob("[!.]*")] == ["models.py"]
    assert [file.name for file in root.glob(".*")] in ([], [".pulpo"])
    assert planned_changes(root, analyse(root).diagnostics) == ()


def test_a_misspelt_model_is_renamed_where_only_one_can_be_meant(
    project: Callable[..., Path],
) -> None:
    model = "@datamodel\nclass {}(Document):\n    '''A wish.'''\n\n    x: int\n\n"
    head = "from beanie import Document\nfrom pulpo_base import datamodel\n\n"
    code = (
        "from pulpo_base import operation\n\n\n"
        "@operation(name='a.b', models_in=['Oder', \"Bill\"], models_out=('Invoce',))\n"
        "def b() -> None: ...\n"
    )
    models = head + "".join(map(model.format, ("Order", "Invoice", "Bills", "Billy")))
    root = project({"models.py": models, "ops.py": code})
    wanted = code.replace("'Oder'", '"Order"').replace("'Invoce'", '"Invoice"')
    assert _mended(root, "ops.py").decode() == wanted


def test_what_is_not_what_it_was_is_left_alone(project: Callable[..., Path]) -> None:
    root = project({"models.py": MODEL})
    (change,) = planned_changes(root, analyse(root).diagnostics)
    assert change.diff.startswith("--- a/models.py\n+++ b/models.py\n@@ -1,7 +1,7 @@\n-from date")
    (root / "models.py").write_text("# another\n")
    assert not write_change(root, change)
    assert (root / "models.py").read_text() == "# another\n"


def test_a_link_stays_a_link(project: Callable[..., Path]) -> None:
    root = project({"real/models.py": MODEL, ".pulpo.yml": "discovery: {exclude: [real]}"})
    (root / "models.py").symlink_to(root / "real" / "models.py")
    assert _mended(root).decode() == FIXED
    assert (root / "models.py").is_symlink()


def _edit(start: int, end: int, text: str, line: int = 1) -> Edit:
    return Edit(SourceLocation("x.py", line, start), SourceLocation("x.py", line, end), text)


@pytest.mark.parametrize(
    ("text", "fixes", "wanted", "made"),
    [
        ("abc = 1\n", [(_edit(1, 4, "x"),)], "x = 1\n", 1),
        ("abc = 1\n", [(_edit(1, 4, "x"),), (_edit(2, 3, "y"),)], "x = 1\n", 1),
        ("abc = 1\n", [(_edit(1, 4, "x"),), (_edit(1, 4, "x"),)], "x = 1\n", 1),
        ("abc = 1\n", [(_edit(1, 2, "x"),), (_edit(2, 3, "y"),)], "xyc = 1\n", 2),
        ("abc = 1\n", [(_edit(1, 3, "x"), _edit(2, 4, "y"))], "abc = 1\n", 0),
        ("abc = 1\n", [(_edit(1, 4, "1 +"),)], "abc = 1\n", 0),
        ("abc = 1\n", [(_edit(1, 4, "x", line=7),)], "abc = 1\n", 0),
        ("a = 1\rb = 2\r\nc = 3\n", [(_edit(1, 2, "x", line=3),)], "a = 1\rb = 2\r\nx = 3\n", 1),
        ("'\x0c'; a = 1\n", [(_edit(6, 7, "x"),)], "'\x0c'; x = 1\n", 1),
    ],
)
def test_edits(text: str, fixes: list[tuple[Edit, ...]], wanted: str, made: int) -> None:
    result, done = fixed_text(text, [Fix("x", edits) for edits in fixes])
    assert (result, len(done)) == (wanted, made)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = 1\n", "from datetime import UTC\n\nx = 1\n"),
        ('"""Doc."""\n\na = 1\n', '"""Doc."""\n\nfrom datetime import UTC\n\nx = 1\n'),
        ("from datetime import UTC\na = 1\n", "from datetime import UTC\nx = 1\n"),
        (
            "from datetime import (\n    datetime,\n)\na = 1\n",
            "from datetime import (\n    UTC, datetime,\n)\nx = 1\n",
        ),
        (
            "import abc\nimport zlib\na = 1\n",
            "import abc\nfrom datetime import UTC\nimport zlib\nx = 1\n",
        ),
        ("import abc\na = 1\n", "import abc\nfrom datetime import UTC\nx = 1\n"),
        (
            "from __future__ import annotations\n\na = 1\n",
            "from __future__ import annotations\n\nfrom datetime import UTC\n\nx = 1\n",
        ),
        ("import pytz\nUTC = pytz.utc\na = 1\n", None),
        ("from pytz import UTC\na = 1\n", None),
        ("def f():\n    from datetime import UTC\na = 1\n", None),
    ],
)
def test_imports(text: str, wanted: str | None) -> None:
    line = text.count("\n")
    fix = Fix("x", (_edit(1, 2, "x", line=line),), (("datetime", "UTC"),))
    result, _ = fixed_text(text, [fix])
    assert result == (text if wanted is None else wanted)


def test_two_modules_may_be_imported_at_one_place() -> None:
    fixes = [
        Fix("x", (_edit(1, 2, "x"),), (("datetime", "UTC"),)),
        Fix("y", (_edit(5, 6, "y"),), (("beanie", "Link"),)),
    ]
    result, made = fixed_text("a = b\n", fixes)
    assert result == "from beanie import Link\n\nfrom datetime import UTC\n\nx = y\n"
    assert len(made) == len(fixes)
