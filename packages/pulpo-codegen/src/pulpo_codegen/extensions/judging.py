"""What `.pulpo.yml` says to extensions, judged by the models that they bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_codegen.extensions import findings
from pulpo_codegen.extensions.extension import Extension
from pulpo_codegen.extensions.places import config_place

__all__ = ["option_findings"]


def option_findings(analysis: Analysis, extensions: Sequence[Extension]) -> Iterator[Diagnostic]:
    """Yield a finding for each option that its extension does not take, or nobody."""
    known = {extension.name: extension for extension in extensions}
    for name in sorted(analysis.config.options):
        extension = known.get(name)
        if extension is None:
            place = config_place(analysis.root, "options", name)
            yield findings.unknown_options(name, place, did_you_mean(name, known))
        elif extension.options is None:
            why = f"the extension {name!r} takes no options"
            place = config_place(analysis.root, "options", name)
            yield findings.wrong_options(why, place, f"remove `options.{name}`")
    for extension in extensions:
        if extension.options is not None:
            given = analysis.config.options.get(extension.name, {})
            yield from _rejected(analysis, extension, given)


def _rejected(
    analysis: Analysis, extension: Extension, given: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    from pydantic import ValidationError

    if extension.options is None:
        return
    try:
        extension.options.model_validate(given)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            path = [str(part) for part in item["loc"]]
            place = config_place(analysis.root, "options", extension.name, *path)
            why = f"`{'.'.join(['options', extension.name, *path])}`: {item['msg']}"
            hint = f"options: {', '.join(sorted(extension.options.model_fields)) or 'none'}"
            if item["type"] == "extra_forbidden":
                hint = did_you_mean(path[-1], extension.options.model_fields) or hint
            yield findings.wrong_options(why, place, hint)
