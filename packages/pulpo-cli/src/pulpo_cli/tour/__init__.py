"""The tour of `pulpo demo`: the examples, what is done with them, and what must come out."""
