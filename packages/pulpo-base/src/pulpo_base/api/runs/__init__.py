"""`/api/runs`: what `pulpo_base.runs` keeps of operations and flows, as it is shown and to whom.

`views` are the models and who may see them, for whatever begins a run; `router` the endpoints.
"""
