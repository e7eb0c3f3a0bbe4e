"""What a command says when it cannot go on: a message, details and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["EXIT_BUG", "EXIT_INTERRUPTED", "EXIT_USER", "ProjectError", "ServiceError"]

EXIT_USER = 1
"""The user or the user's code can mend it."""
EXIT_BUG = 70
"""An error of ours (`EX_SOFTWARE` of sysexits.h)."""
EXIT_INTERRUPTED = 130
"""Ended by Ctrl-C: 128 + SIGINT, as shells report it."""


class ProjectError(Exception):
    """An error that the user can mend.

    `details` are further lines shown below the message (findings, the end of a log), `hint`
    says what to do next.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        details: Sequence[str] = (),
        exit_code: int = EXIT_USER,
    ) -> None:
        """Keep the parts for whoever shows them."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(details)
        self.exit_code = exit_code


class ServiceError(ProjectError):
    """A service that did not start or did not stay: its name, the reason, the end of its log."""

    def __init__(
        self, service: str, reason: str, *, hint: str = "", log_lines: Sequence[str] = ()
    ) -> None:
        """Build the message from the service's name and the reason."""
        super().__init__(f"{service}: {reason}", hint=hint, details=log_lines)
        self.service = service
        self.reason = reason
