"""Who may do what, and how much of it: the gate before a generated API.

`secure` puts an application behind it; `current_principal` says who asks; `GuardedRoute` is a
route with permissions, `me_router` what a client may ask about itself.
"""

from pulpo_base.api.security.me import me_router
from pulpo_base.api.security.permissions import GuardedRoute
from pulpo_base.api.security.principals import Principal, current_principal
from pulpo_base.api.security.setup import SecuritySettings, secure

__all__ = [
    "GuardedRoute",
    "Principal",
    "SecuritySettings",
    "current_principal",
    "me_router",
    "secure",
]
