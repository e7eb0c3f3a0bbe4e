"""The built-in targets: tables of what is generated, and the contexts of their templates."""

from typing import Final

from pulpo_codegen.extensions.extension import Extension
from pulpo_codegen.plan.table import TableTarget
from pulpo_codegen.render.renderer import TEMPLATES
from pulpo_codegen.targets.api import API
from pulpo_codegen.targets.cli import CLI
from pulpo_codegen.targets.core import CORE
from pulpo_codegen.targets.deploy import DEPLOY
from pulpo_codegen.targets.docs import DOCS
from pulpo_codegen.targets.ui import UI
from pulpo_codegen.targets.workflows import WORKFLOWS

__all__ = ["BUILT_IN", "BUILT_IN_TARGETS"]

#: Every target of `pulpo compile`, in the order in which they are listed to people.
BUILT_IN_TARGETS: Final[tuple[TableTarget, ...]] = (
    CORE,
    API,
    UI,
    WORKFLOWS,
    CLI,
    DEPLOY,
    DOCS,
)

#: The generator itself, as an extension among others.
BUILT_IN: Final = Extension(name="pulpo", targets=BUILT_IN_TARGETS, templates=(TEMPLATES,))
