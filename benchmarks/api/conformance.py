"""The shop's whole OpenAPI document against its API, by schemathesis.

No answer may be a 5xx, of a status that is not documented, or of another shape than documented.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from serving import compiled, pulpo_command, served

from pulpo_base.database import LocalMongod

SHOP = Path(__file__).parents[2] / "examples" / "shop"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
SCHEMATHESIS = "schemathesis>=4.32,<5"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=20, help="of each operation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("options", nargs="*", help="more options of schemathesis, after --")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, LocalMongod(Path(folder, "mongod", "db")) as db:
        project = compiled(Path(folder), SHOP)
        with served("shop", pulpo_command(), db.url, database="shop", cwd=project) as server:
            command = [
                *("uv", "run", "--no-project", "-q", "--python", sys.executable),
                *("--with", SCHEMATHESIS, "schemathesis", "run", server.url("/openapi.json")),
                *("--checks", CHECKS, "--seed", str(options.seed), "--no-color"),
                *("--max-examples", str(options.examples), "--generation-deterministic"),
                *("--suppress-health-check", "all", "--continue-on-failure", *options.options),
            ]
            done = subprocess.run(command, cwd=folder, check=False)
        shutil.rmtree(project)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
