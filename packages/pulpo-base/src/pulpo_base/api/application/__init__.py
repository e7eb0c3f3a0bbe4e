"""What every generated application has, whatever its documents and operations are.

`health`, `catalogue` and `graph` are endpoints, `prefix_router` and `memory` make it answer soon.
"""
