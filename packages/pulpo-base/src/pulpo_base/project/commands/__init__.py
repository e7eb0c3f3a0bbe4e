"""The commands of `./main`, one module each; each module's `register` adds what it has.

Importing them imports Typer only: what a command needs, it imports when it runs.
"""
