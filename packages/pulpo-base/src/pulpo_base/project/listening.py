"""Whether the API may listen where it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulpo_base.addresses import is_loopback
from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from pulpo_base.project.definition import ProjectSettings

__all__ = ["check_reach"]


def check_reach(host: str, settings: ProjectSettings, *, told: bool = False) -> None:
    """Raise `ProjectError` where others could reach an API that asks nobody who they are.

    It is all right where the settings, or who calls (`told`), say so.
    """
    if settings.auth != "none" or settings.public_without_auth or told or is_loopback(host):
        return
    raise ProjectError(
        f"`auth` is none, so everybody who reaches {host} could read and change all data",
        hint="set `api.auth` to api_key or jwt in .pulpo.yml, listen on 127.0.0.1, or say "
        "--public-without-auth (`api.public_without_auth: true`)",
    )
