"""The documents of one kind where they are stored: found, checked, written, represented.

`store` is the way to them: `lookup` and `persistence` are how it reads and writes, `revisions` and
`representation` what it says of what is stored. `changes` are the writes that requests ask for,
with their `body`, `merge_patch` and `links`. Knows nothing of lists and of routes.
"""
