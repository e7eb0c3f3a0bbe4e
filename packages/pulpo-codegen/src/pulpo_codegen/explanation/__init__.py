"""Why a compile would touch what it touches, traced to what the user changed."""

from pulpo_codegen.explanation.explain import Cause, Explanation, explain

__all__ = ["Cause", "Explanation", "explain"]
