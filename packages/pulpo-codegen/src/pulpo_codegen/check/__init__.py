"""Nothing reaches the writer that was not checked: drafts become `RenderedFile`s here."""

from typing import TYPE_CHECKING

from pulpo_base.lazy import lazy_names

if TYPE_CHECKING:
    from pulpo_codegen.check.checks import check
    from pulpo_codegen.check.rendered import RenderedFile

__all__ = ["RenderedFile", "check"]

__getattr__ = lazy_names(
    __name__,
    {
        "checks": ("check",),
        "rendered": ("RenderedFile",),
    },
)
