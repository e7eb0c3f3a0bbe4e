"""From checked bytes to files: manifest, a pure decision, and the one module that writes."""

from pulpo_codegen.write.apply import apply
from pulpo_codegen.write.decision import decide
from pulpo_codegen.write.disk import DiskEntry, DiskKind, read_disk
from pulpo_codegen.write.files import FileSystem, LocalFiles
from pulpo_codegen.write.manifest import Manifest, ManifestEntry, load_manifest
from pulpo_codegen.write.plan import FileAction, WritePlan

__all__ = [
    "DiskEntry",
    "DiskKind",
    "FileAction",
    "FileSystem",
    "LocalFiles",
    "Manifest",
    "ManifestEntry",
    "WritePlan",
    "apply",
    "decide",
    "load_manifest",
    "read_disk",
]
