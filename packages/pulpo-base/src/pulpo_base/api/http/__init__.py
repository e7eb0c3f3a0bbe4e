"""What goes over HTTP, as such: problems, bodies, parameters, preconditions, answers.

Knows neither documents nor operations, and nothing else of `pulpo_base.api`; all of that may use
it.
"""
