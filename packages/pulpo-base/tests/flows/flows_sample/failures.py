"""The error contract of the sample: what is worth another try."""


class SoldOutError(Exception):
    """There are no seats, and there will not be any."""


def is_retryable(error: BaseException) -> bool:
    return isinstance(error, ConnectionError)
