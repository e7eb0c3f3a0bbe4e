"""`version`, `status`, `help`, `explain`: about the project and about Pulpo."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_cli.errors import UserError
from pulpo_cli.options import AsJson, exit_on_errors
from pulpo_cli.output import print_facts, print_json, print_text
from pulpo_cli.project import project_of

__all__ = ["register", "register_help"]

_START = "Start"
_HELP = "Help"

_GUIDE = """\
Pulpo reads your Beanie documents and typed functions, and generates the application.

  1. Write documents under @datamodel in models/, functions under @operation in operations/.
     An operation's name is dotted, `flow.task`: the name says where it belongs, and the models
     that it reads and writes say when it runs.
  2. `pulpo lint` checks them, `pulpo flows` shows what was understood. Nothing is imported.
  3. `pulpo compile` writes run_cache/: a FastAPI application, Prefect flows, the project's own
     command line and docs. Never edit that folder; it is made anew.
  4. `pulpo up` starts MongoDB and the API, `pulpo down` stops them. In production the project's
     own `./main` does the same without Pulpo's analyser and generator.

  pulpo help COMMAND     what a command does
  pulpo explain CODE     what a finding such as PLB001 means
  pulpo demo             all of it at once, on an example
"""


def register(app: typer.Typer) -> None:
    """Add the commands about the project."""
    app.command(rich_help_panel=_START)(status)


def register_help(app: typer.Typer) -> None:
    """Add the commands about Pulpo itself."""
    app.command(rich_help_panel=_HELP)(explain)
    app.command("help", rich_help_panel=_HELP)(help_command)
    app.command(rich_help_panel=_HELP)(version)


def version(as_json: AsJson = False) -> None:
    """Show the versions of Pulpo's six distributions and of Python."""
    import platform
    from importlib.metadata import version as version_of

    names = ("cli", "codegen", "analysis", "base", "utils", "selfaware")
    versions = {f"pulpo-{name}": version_of(f"pulpo-{name}") for name in names}
    versions["python"] = platform.python_version()
    if as_json:
        print_json(versions)
    else:
        print_text("\n".join(f"{name} {number}" for name, number in versions.items()))


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what the project holds, what lint says and whether the output is up to date."""
    from pulpo_analysis.diagnostics.text import summary

    cli = project_of(context)
    analysis = cli.analysis
    result = cli.compile(dry_run=True)
    plan = result.plan
    changes = len(plan.create) + len(plan.update) + len(plan.delete)
    facts = {
        "project": analysis.config.project.name,
        "folder": str(cli.root),
        "models": len(analysis.app.models),
        "operations": len(analysis.app.operations),
        "flows": len(analysis.flows),
        "findings": summary(analysis.diagnostics),
        "output": _freshness(bool(result.errors), changes),
    }
    if as_json:
        print_json(facts)
    else:
        print_facts(str(facts.pop("project")), facts)
    exit_on_errors(cli)


def _freshness(has_errors: bool, changes: int) -> str:
    if has_errors:
        return "cannot be generated: see `pulpo lint`"
    return f"{changes} files to write: run `pulpo compile`" if changes else "up to date"


def explain(
    code: Annotated[str, typer.Argument(help="A finding's code, as in PLB001.")],
) -> None:
    """Explain a finding: what it means, why it is there, and how to mend it."""
    from rich.markdown import Markdown

    from pulpo_analysis.diagnostics.catalogue import CATALOGUE
    from pulpo_analysis.diagnostics.pages import explanation
    from pulpo_analysis.diagnostics.suggestions import did_you_mean
    from pulpo_cli.output import out

    try:
        page = explanation(code)
    except KeyError:
        hint = did_you_mean(code.upper(), CATALOGUE)
        raise UserError(f"there is no finding {code!r}", hint) from None
    if out().is_terminal:
        out().print(Markdown(page))
    else:
        print_text(page)


def help_command(
    context: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(help="A command, as in `lint` or `ops run`.")
    ] = None,
) -> None:
    """Show how Pulpo works, or what one command does."""
    if not command:
        print_text(_GUIDE)
        return
    pulpo = context.find_root().command
    pulpo.main([*command, "--help"], prog_name="pulpo", standalone_mode=False)
