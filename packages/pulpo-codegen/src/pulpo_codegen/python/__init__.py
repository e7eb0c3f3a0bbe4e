"""Generated Python: imports, type expressions, names and literals that no user text can break."""
