"""Types that hold documents, as they look over HTTP: `id` instead of `_id`, links as ids.

`annotations` takes types apart, `output` is the shape of what leaves, `input` of what operations
take, `fields` what is known of each field: its names and how values are compared. About types
alone: no request and no stored document.
"""
