"""Lists of documents: which, in what order, how many, which parts of each.

`query` reads a request by `filters`, `filter_groups`, `allowed_fields` and `selection`; `pages` and
`export` answer it, with `expansion` of links; `cursors` are where pages end, those of runs too.
"""
