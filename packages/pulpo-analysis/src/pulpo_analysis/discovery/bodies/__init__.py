"""Bodies of functions: what an operation does to models and what it raises, without running it."""
