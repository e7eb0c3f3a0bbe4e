"""Extensions: what adds targets and templates to the generator, or stands around its steps."""

from pulpo_codegen.extensions.extension import Extension, Hooks
from pulpo_codegen.extensions.options import options_for

__all__ = ["Extension", "Hooks", "options_for"]
