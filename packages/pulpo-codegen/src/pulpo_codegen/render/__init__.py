"""From rows to text: environments per language, and the functions that quote user values."""

from pulpo_codegen.render.draft import FileDraft
from pulpo_codegen.render.renderer import Renderer
from pulpo_codegen.render.source import Source

__all__ = ["FileDraft", "Renderer", "Source"]
