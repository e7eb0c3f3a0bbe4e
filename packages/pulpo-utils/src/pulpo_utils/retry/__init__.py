"""`retry_on_error`: run something again when it fails, on tenacity's engine.

What is public here is also in `pulpo_utils.exceptions`.
"""

from pulpo_utils.retry.decorator import retry_on_error
from pulpo_utils.retry.state import RetryState

__all__ = ["RetryState", "retry_on_error"]
