"""What function bodies call: blocking functions inside `async def`, clocks without a zone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

__all__ = ["BLOCKING", "NAIVE_CLOCKS", "BodyCall", "dotted_name", "naive_clock", "walk_bodies"]

_THREAD = "await asyncio.to_thread(…)"
_PROCESS = "await asyncio.create_subprocess_exec(…)"
_HTTP = "httpx.AsyncClient"
_VERBS = ("delete", "get", "head", "options", "patch", "post", "put", "request", "stream")

#: Calls that stop the event loop, and what to write instead.
BLOCKING: dict[str, str] = {
    "builtins.input": _THREAD,
    "builtins.open": _THREAD,
    "ftplib.FTP": _THREAD,
    "httpx.Client": _HTTP,
    "os.popen": _PROCESS,
    "os.system": _PROCESS,
    "os.wait": _PROCESS,
    "psycopg.connect": "psycopg.AsyncConnection",
    "psycopg2.connect": "psycopg.AsyncConnection",
    "pymongo.MongoClient": "pymongo.AsyncMongoClient",
    "pymongo.mongo_client.MongoClient": "pymongo.AsyncMongoClient",
    "redis.Redis": "redis.asyncio.Redis",
    "requests.Session": _HTTP,
    "requests.session": _HTTP,
    "shutil.copytree": _THREAD,
    "shutil.rmtree": _THREAD,
    "smtplib.SMTP": _THREAD,
    "smtplib.SMTP_SSL": _THREAD,
    "socket.create_connection": "await asyncio.open_connection(…)",
    "socket.getaddrinfo": "await loop.getaddrinfo(…)",
    "socket.gethostbyname": "await loop.getaddrinfo(…)",
    "sqlite3.connect": _THREAD,
    "time.sleep": "await asyncio.sleep(…)",
    "urllib.request.urlopen": _HTTP,
    "urllib.request.urlretrieve": _HTTP,
    **{f"requests.{verb}": _HTTP for verb in _VERBS},
    **{f"httpx.{verb}": _HTTP for verb in _VERBS},
    **{
        f"subprocess.{name}": _PROCESS
        for name in ("Popen", "call", "check_call", "check_output", "getoutput", "run")
    },
}

#: Methods of `pathlib.Path` that read or write; seen where they are called on `Path(…)` itself.
_PATH_METHODS = frozenset({"open", "read_bytes", "read_text", "write_bytes", "write_text"})

#: What gives a datetime without a zone, by how many positional arguments leave it out.
NAIVE_CLOCKS: dict[str, int] = {
    "datetime.datetime.fromtimestamp": 1,
    "datetime.datetime.now": 0,
    "datetime.datetime.today": 0,
    "datetime.datetime.utcfromtimestamp": 1,
    "datetime.datetime.utcnow": 0,
}

#: `(kind, dotted name, node, qualified name of the function)`; kind is `blocking` or `naive`.
BodyCall = tuple[str, str, ast.Call, str]
_Names = Callable[[str], str]


def walk_bodies(tree: ast.Module, names: _Names) -> Iterator[BodyCall]:
    """Yield the calls of a file that block or are naive.

    `names` gives the importable name of a dotted name, as the file's imports say.
    """
    pending: list[tuple[ast.AST, str, bool, frozenset[str]]] = [(tree, "", False, frozenset())]
    aware: set[int] = set()
    while pending:
        node, scope, in_async, hidden = pending.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope, in_async = _inner(scope, node.name), isinstance(node, ast.AsyncFunctionDef)
                hidden |= _parameter_names(node.args)
            case ast.ClassDef():
                scope, in_async = _inner(scope, node.name), False
            case ast.Lambda():
                in_async = False  # whoever calls it may do so in a thread
            case ast.Call():
                _mark_aware(node, aware)
                yield from _call(node, scope, in_async, hidden, names, aware)
            case ast.Attribute(value=ast.Call() as call, attr="astimezone" | "timestamp"):
                aware.add(id(call))
        pending.extend((child, scope, in_async, hidden) for child in ast.iter_child_nodes(node))


def _call(
    node: ast.Call,
    scope: str,
    in_async: bool,
    hidden: frozenset[str],
    names: _Names,
    aware: set[int],
) -> Iterator[BodyCall]:
    dotted = dotted_name(node.func)
    if dotted and dotted.partition(".")[0] in hidden:
        return
    name = names(dotted) if dotted else ""
    if in_async and name in BLOCKING:
        yield "blocking", name, node, scope
    elif in_async and _reads_a_path(node.func, names):
        yield "blocking", "builtins.open", node, scope
    elif id(node) not in aware and naive_clock(name, node):
        yield "naive", name, node, scope


def naive_clock(name: str, call: ast.Call) -> bool:
    """Whether a call of `name` gives a datetime without a zone."""
    if name not in NAIVE_CLOCKS:
        return False
    if name.rpartition(".")[2].startswith("utc"):
        return True  # these take no zone at all
    zone = any(keyword.arg in {"tz", None} for keyword in call.keywords)
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    return not zone and not starred and len(call.args) <= NAIVE_CLOCKS[name]


def _mark_aware(node: ast.Call, aware: set[int]) -> None:
    """Note the call in `datetime.now().replace(tzinfo=…)`: its result gets a zone."""
    match node.func:
        case ast.Attribute(value=ast.Call() as inner, attr="replace"):
            if any(keyword.arg == "tzinfo" for keyword in node.keywords):
                aware.add(id(inner))


def _reads_a_path(function: ast.expr, names: _Names) -> bool:
    match function:
        case ast.Attribute(value=ast.Call(func=callee), attr=method) if method in _PATH_METHODS:
            dotted = dotted_name(callee)
            return bool(dotted) and names(dotted) == "pathlib.Path"
    return False


def _parameter_names(args: ast.arguments) -> frozenset[str]:
    every = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    return frozenset(argument.arg for argument in every if argument is not None)


def _inner(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def dotted_name(node: ast.expr) -> str:
    """Return `a.b.c` for attributes of a name, an empty text for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
