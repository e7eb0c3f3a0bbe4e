"""The child process of import discovery: imports a project's modules and says what they declare.

`python -m pulpo_base.probe REQUEST ANSWER PROGRESS` reads a `ProbeRequest`, writes a `ProbeAnswer`
(both JSON files) and, before each import, the module's name to PROGRESS. It stands here and not in
the analysis because it runs in the interpreter of the project, where only the runtime packages
are sure to be installed. It imports neither pydantic's users nor Beanie by itself: what the
project's own modules did not import, none of its classes can derive from.
"""
