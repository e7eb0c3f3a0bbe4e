"""Nothing reaches the writer that was not checked: drafts become `RenderedFile`s here."""

from pulpo_codegen.check.checks import check
from pulpo_codegen.check.rendered import RenderedFile

__all__ = ["RenderedFile", "check"]
