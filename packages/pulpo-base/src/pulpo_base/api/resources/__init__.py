"""`Resource`: one kind of document over HTTP, put together of its `documents` and `lists`.

`routes` is what OpenAPI says of its endpoints, `bulk` many changes in one request.
"""
