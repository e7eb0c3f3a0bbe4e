"""How the writes of a request take effect: together, once, or not at all.

`transactions` is how a write is done, as a rehearsal too; `idempotency` minds `Idempotency-Key`.
Used by whatever writes for a request; knows no kind of document.
"""
