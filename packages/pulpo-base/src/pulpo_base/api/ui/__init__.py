"""The admin UI: files of a bundle, served beside the API that they talk to."""

from pulpo_base.api.ui.serving import UI_PATHS, ui_router

__all__ = ["UI_PATHS", "ui_router"]
