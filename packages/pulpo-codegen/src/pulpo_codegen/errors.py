"""What stops the generator itself; what is wrong with a project is a `Diagnostic` instead."""

from __future__ import annotations

__all__ = ["GenerationBugError", "UnknownTargetError"]


class GenerationBugError(RuntimeError):
    """A template, a context or a target is wrong: nothing that the user's project could cause.

    `template` is the template's name, `path` the output path; both may be empty.
    """

    def __init__(self, problem: str, template: str = "", path: str = "") -> None:
        """Build the message: what went wrong, where, and whose fault it is."""
        self.problem = problem.rstrip(".")
        self.template = template
        self.path = path
        where = f" (template {template!r}" + (f", output {path!r})" if path else ")")
        super().__init__(
            f"{self.problem}{where if template else ''}. This is a bug of Pulpo, or of the "
            "extension that the template comes from, not of your project; nothing was written."
        )

    def __reduce__(self) -> tuple[type[GenerationBugError], tuple[str, str, str]]:
        """Return how to rebuild the error in another process."""
        return (type(self), (self.problem, self.template, self.path))


class UnknownTargetError(ValueError):
    """A target was asked for that there is not; the message names those that there are."""
