"""Whether extensions can be used side by side: names are unique, and what is needed is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_base.specs import SourceLocation
from pulpo_codegen.extensions import findings
from pulpo_codegen.extensions.extension import Extension

__all__ = ["misfits"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")


def misfits(extensions: Sequence[tuple[Extension, SourceLocation]]) -> Iterator[Diagnostic]:
    """Yield a finding for each name that is taken, no name at all, or needed and not there."""
    names: set[str] = set()
    targets: dict[str, str] = {}
    for extension, place in extensions:
        rename = "give one of them another name"
        yield from _unspeakable("an extension", extension.name, place)
        if extension.name in names:
            why = f"there are two extensions called {extension.name!r}"
            yield findings.does_not_fit(why, place, rename)
        names.add(extension.name)
        for target in extension.targets:
            yield from _unspeakable("a target", target.name, place)
            if target.name in targets:
                why = (
                    f"the target {target.name!r} of the extension {extension.name!r} is also one "
                    f"of {targets[target.name]!r}"
                )
                yield findings.does_not_fit(why, place, rename)
            targets.setdefault(target.name, extension.name)
    for extension, place in extensions:
        for target in extension.targets:
            for needed in target.needs:
                if needed not in targets:
                    why = f"the target {target.name!r} needs {needed!r}, which does not exist"
                    yield findings.does_not_fit(why, place, did_you_mean(needed, targets))


def _unspeakable(what: str, name: str, place: SourceLocation) -> Iterator[Diagnostic]:
    if not _NAME.fullmatch(name):
        why = f"{name!r} cannot be the name of {what}"
        hint = "use small letters, digits, `_` and `-`, a letter first"
        yield findings.does_not_fit(why, place, hint)
