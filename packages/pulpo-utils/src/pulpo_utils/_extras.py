"""Optional dependencies: found without being imported, and missed with a clear error."""

__all__ = ["MissingExtraError", "require"]


class MissingExtraError(ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""


def require(module: str, *, extra: str, needed_by: str) -> None:
    """Raise `MissingExtraError` unless `module` can be imported. Does not import it.

    `extra` is the extra of this distribution that brings it, `needed_by` what the caller used.
    """
    import sys

    if sys.modules.get(module) is not None:
        return
    from importlib.util import find_spec

    if module in sys.modules or find_spec(module) is None:
        raise MissingExtraError(
            f"{needed_by} needs {module!r}, which is not installed: "
            f"pip install 'pulpo-utils[{extra}]'",
            name=module,
        )
