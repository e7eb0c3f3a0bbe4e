"""The `pulpo` command: from Beanie documents and typed functions to a running application."""
