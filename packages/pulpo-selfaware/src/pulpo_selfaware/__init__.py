"""Observability for any FastAPI or ASGI application: events, request statistics, a dashboard, and no harm to the request."""
