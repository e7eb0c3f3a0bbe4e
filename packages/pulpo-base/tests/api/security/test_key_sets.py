"""The issuer's keys: one fetch for all who need it, and what is known stays when it fails."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pulpo_base.api.security.key_sets import KeySet, fetched

PLACE = "https://keys.example.org/"


class Issuer:
    """Answers when it is told to; counts how often it was asked."""

    def __init__(self, *names: str) -> None:
        self.keys: Any = [{"kty": "RSA", "kid": name} for name in names]
        self.asked = 0
        self.now = 1_000.0
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.set = KeySet("https://x.org", PLACE, fetch=self.fetch, clock=lambda: self.now)

    def fetch(self, _url: str) -> dict[str, Any]:
        self.asked += 1
        assert self.may_answer.wait(10)
        if isinstance(self.keys, Exception):
            raise self.keys
        return {"keys": self.keys}

    async def wanted(self, *names: str) -> list[Any]:
        """Ask for keys at the same time; the issuer answers once all have asked."""
        self.may_answer.clear()
        asking = [asyncio.create_task(self.set.key(name)) for name in names]
        await asyncio.sleep(0.01)
        self.may_answer.set()
        return await asyncio.gather(*asking, return_exceptions=True)


async def test_all_who_come_during_a_fetch_get_its_keys() -> None:
    issuer = Issuer("a", "b")
    found = await issuer.wanted("a", "b", "a", "a")
    assert [key and key["kid"] for key in found] == ["a", "b", "a", "a"]
    issuer.keys.append({"kty": "RSA", "kid": "c"})
    issuer.now += 31
    found = await issuer.wanted("c", "c", "c")
    assert [key and key["kid"] for key in found] == ["c"] * 3
    assert issuer.asked == 2


async def test_all_who_come_during_a_fetch_that_fails_hear_of_it() -> None:
    issuer = Issuer("a")
    keys, issuer.keys = issuer.keys, ConnectionRefusedError()
    found = await issuer.wanted("a", "a", "a")
    assert [type(one) for one in found] == [ConnectionRefusedError] * 3
    assert issuer.asked == 1
    issuer.keys = keys
    assert await issuer.set.key("a")


async def test_a_request_that_is_given_up_does_not_end_the_fetch() -> None:
    issuer = Issuer("a")
    issuer.may_answer.clear()
    first = asyncio.create_task(issuer.set.key("a"))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.wait([first])
    assert first.cancelled()
    assert await issuer.wanted("a") == [{"kty": "RSA", "kid": "a"}]
    assert issuer.asked == 1


@pytest.fixture
def garbage() -> Iterator[str]:
    """Return the URL of a server that does not speak HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:  # the server is closed
                    return
                with peer:
                    peer.recv(1_000)
                    peer.sendall(b"garbage\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/jwks"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


async def test_an_issuer_that_does_not_speak_http(
    garbage: str, caplog: pytest.LogCaptureFixture
) -> None:
    unknown = KeySet("https://x.org", garbage)
    for _ in range(2):  # the second time as the first: nobody is told that the key is unknown
        with pytest.raises(OSError, match="no HTTP"):
            await unknown.key("a")
    issuer = Issuer("a")
    assert await issuer.set.key("a")
    issuer.set._fetch = lambda _url: fetched(garbage)
    issuer.now += 601
    with caplog.at_level(logging.WARNING):
        assert await issuer.set.key("a")
    assert "those known stay" in caplog.text


async def test_a_key_whose_name_is_no_text_is_left_out() -> None:
    issuer = Issuer("a")
    issuer.keys.append({"kty": "RSA", "kid": ["b"]})
    assert await issuer.set.key("a")
