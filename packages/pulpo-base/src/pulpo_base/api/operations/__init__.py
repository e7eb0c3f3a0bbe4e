"""Endpoints of operations, those that answer at once and those whose runs go on (202).

`route` and `background` are the two kinds of route, `repetition` what both do with
`Idempotency-Key` and `validate_only`, `results` what was returned, as runs keep it.
"""
