"""Groups of commands, of `pulpo` and of `./main`, and the help page that lists them.

Typer's Rich pages cost as much again as Typer does, and half of that is Markdown that no page of
ours has. Plain text is there at once, and reads the same in a terminal, a pipe and a log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Context
    from typer._click.formatting import HelpFormatter

__all__ = ["command_group"]

#: How pages are asked for, and how many columns they use of a terminal that is wider.
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_COMMANDS = "Commands"


def command_group(**settings: Any) -> typer.Typer:
    """Return an empty group of commands whose pages are plain text; `settings` are Typer's."""
    return typer.Typer(
        cls=_GroupedCommands,
        add_completion=False,
        rich_markup_mode=None,
        context_settings=_SETTINGS,
        **settings,
    )


class _GroupedCommands(TyperGroup):
    """A group whose help page keeps the headings that plain Typer forgets."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands in the order of registration, heading by heading."""
        headings: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                heading = getattr(command, "rich_help_panel", None)
                rows = headings.setdefault(heading if isinstance(heading, str) else _COMMANDS, [])
                rows.append((name, command.get_short_help_str(limit=200)))
        for heading, rows in headings.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
