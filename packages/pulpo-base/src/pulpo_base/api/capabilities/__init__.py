"""What the client who asks may do, described for user interfaces."""

from pulpo_base.api.capabilities.router import capabilities_router

__all__ = ["capabilities_router"]
