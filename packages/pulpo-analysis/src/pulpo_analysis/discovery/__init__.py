"""Discovery: from source files to specs, without importing user code."""
