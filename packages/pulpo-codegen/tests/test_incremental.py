"""Whatever is kept between compiles, the answer is that of a first compile of the same files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulpo_analysis import Diagnostic, analyse
from pulpo_analysis.diagnostics.diagnostic import sort_diagnostics
from pulpo_codegen import compile_project
from pulpo_codegen.layout import GENERATED
from pulpo_codegen.settled import recall

HEAD = """\
from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from beanie import Document, Link
from typing_extensions import TypedDict
from pydantic import BaseModel
from pulpo_base import DataModelBase, datamodel, operation
"""

NOTE = '''
@datamodel()
class Note(DataModelBase, Document):
    """A note that {who} wrote."""

    title: str
    {more}
'''

SHELF = '''
from models.note import Note

@datamodel(tags=["{tag}"])
class Shelf(DataModelBase, Document):
    """Where notes are kept."""

    {link}
'''

KEEPING = '''
from models.note import Note
from library.helpers import store

{given}
    title: {title}

@operation(name="notes.{name}", description="Keep a note that somebody wrote.")
async def keep(given: Given) -> Note:
    """Keep a note."""
    return await store(Note(title=str({read})))
'''

HELPERS = '''
class Refused(Exception):
    """It is not kept."""

async def store(note):
    {body}
    return note
'''

MODEL = {"given": "class Given(BaseModel):", "read": "given.title"}
DATACLASS = {"given": "@dataclass\nclass Given:", "read": "given.title"}
TUPLE = {"given": "class Given(NamedTuple):", "read": "given.title"}
DICTIONARY = {"given": "class Given(TypedDict):", "read": "given['title']"}

#: The texts that each file may have; `None` for no file.
TEXTS: dict[str, list[str | None]] = {
    "models/note.py": [
        HEAD + NOTE.format(who="somebody", more=""),
        HEAD + NOTE.format(who="somebody", more="owner_id: str = ''"),
        HEAD + NOTE.format(who="nobody", more="pages: list[int] = []"),
        HEAD + "\n\n" + NOTE.format(who="somebody", more="shelf: Link[Shelf] | None = None"),
        HEAD + "class Note(:\n",
        None,
    ],
    "models/shelf.py": [
        HEAD + SHELF.format(tag="wood", link="notes: list[Link[Note]] = []"),
        HEAD + SHELF.format(tag="wood", link="first: Link[Note]"),
        HEAD + SHELF.format(tag="glass", link="first: Link[Note]"),
        None,
    ],
    "operations/keeping.py": [
        HEAD + KEEPING.format(name="keep", title="str", **MODEL),
        HEAD + KEEPING.format(name="keep", title="int", **MODEL),
        HEAD + KEEPING.format(name="store", title="str", **MODEL),
        HEAD + KEEPING.format(name="keep", title="str", **DATACLASS),
        HEAD + KEEPING.format(name="keep", title="str", **TUPLE),
        HEAD + KEEPING.format(name="keep", title="str", **DICTIONARY),
        None,
    ],
    "library/helpers.py": [
        HELPERS.format(body="await note.insert()"),
        HELPERS.format(body="raise Refused"),
        HELPERS.format(body="import time; time.sleep(1)"),
        None,
    ],
    ".pulpo.yml": [
        "project:\n  name: notes\n",
        "project:\n  name: other\n",
        "project:\n  name: notes\nlint:\n  ignore: [PLM010]\n",
    ],
}

_edits = st.sampled_from([(path, text) for path, texts in TEXTS.items() for text in texts])


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_edits, min_size=1, max_size=3), min_size=1, max_size=4))
def test_what_is_kept_changes_no_answer(
    rounds: list[list[tuple[str, str | None]]],
) -> None:
    with TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        files = {path: texts[0] for path, texts in TEXTS.items()}
        write(project, files)
        for edits in [[], *rounds]:
            write(project, dict(edits))
            files |= dict(edits)
            fresh = Path(folder) / "fresh" / "project"
            write(fresh, files)
            wanted = answer_of(fresh)

            # A tree that was not written stays as it was: only what was found can be compared.
            got = answer_of(project)
            assert got[0] == wanted[0]
            if not any(found.severity == "error" for found in wanted[0]):
                assert got[1] == wanted[1]
            shutil.rmtree(fresh)


def write(root: Path, files: Mapping[str, str | None]) -> None:
    """Give files these texts, or remove them."""
    root.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        if text is None:
            (root / path).unlink(missing_ok=True)
        else:
            (root / path).write_text(text)


def answer_of(root: Path) -> tuple[tuple[Diagnostic, ...], dict[str, Any]]:
    """Compile as the command does, and return the findings and the bytes of the tree."""
    result = recall(root) or compile_project(analyse(root))
    tree = root / GENERATED
    files = (path for path in tree.rglob("*") if path.is_file())
    return sort_diagnostics(result.diagnostics), {
        path.relative_to(tree).as_posix(): path.read_bytes() for path in files
    }
