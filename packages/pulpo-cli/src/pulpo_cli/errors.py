"""What ends a command: a user's mistake, told in one line with a remedy."""

from __future__ import annotations

__all__ = ["BUG", "INTERRUPTED", "MISTAKE", "UserError"]

#: Exit codes: something the user can mend, a bug of Pulpo (EX_SOFTWARE of sysexits.h), Ctrl-C.
MISTAKE = 1
BUG = 70
INTERRUPTED = 130


class UserError(Exception):
    """A command that cannot do what it was asked; `hint` says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the two lines that the user will see."""
        self.message = message
        self.hint = hint
        super().__init__(message)
