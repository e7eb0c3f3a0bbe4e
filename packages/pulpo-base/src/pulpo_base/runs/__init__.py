"""What runs for longer than a request or a command, as MongoDB keeps it.

`records` are the documents, `working` the tasks of one process that work on them, `outputs` what
finished steps of flows returned. Needs PyMongo, which comes with Beanie.
"""
