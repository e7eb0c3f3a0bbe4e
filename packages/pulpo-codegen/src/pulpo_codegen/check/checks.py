"""`check`: what can be known of a file without running it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Collection

from pulpo_codegen.check.rendered import RenderedFile
from pulpo_codegen.digest import sha256
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.render.draft import FileDraft

__all__ = ["check"]


def check(draft: FileDraft, known: Collection[str] = ()) -> RenderedFile:
    """Return the draft's bytes; Python must compile, JSON must parse, lines must end in LF.

    What has one of the `known` hashes was judged when it was written. Raises
    `GenerationBugError`, naming the template, for a draft that is none of this.
    """
    row = draft.row
    try:
        data = _encoded(draft.text)
        digest = sha256(data)
        if digest not in known and (judge := _JUDGES.get(row.path.rpartition(".")[2])):
            judge(draft.text, row.path)
    except ValueError as error:
        problem = f"a generated file is wrong: {error}"
        raise GenerationBugError(problem, template=row.template, path=row.path) from error
    return RenderedFile(row.path, data, digest, row.target, row.origins, row.mode)


def _encoded(text: str) -> bytes:
    if "\r" in text:
        raise ValueError("it holds a carriage return")
    if not text.endswith("\n"):
        raise ValueError("its last line has no end")
    return text.encode("utf-8")


def _judge_python(text: str, path: str) -> None:
    with warnings.catch_warnings():
        # A warning of the compiler (an invalid escape, say) is a flaw of the template as well.
        warnings.simplefilter("error")
        try:
            compile(text, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise ValueError(f"line {error.lineno}: {error.msg}") from error


def _judge_json(text: str, _path: str) -> None:
    json.loads(text)


_JUDGES: dict[str, Callable[[str, str], None]] = {"py": _judge_python, "json": _judge_json}
