"""Texts of a source file: docstrings, and lines as the parser counts them."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize

__all__ = ["doc_of", "text_of", "utf8_lines"]


def doc_of(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return a docstring, empty where there is none."""
    return text_of(node.body[0]) if node.body else ""


def text_of(node: ast.stmt | None) -> str:
    """Return the text that a statement consists of: a docstring, or empty."""
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        # A lone surrogate is legal in a Python string and in no text file.
        return inspect.cleandoc(node.value.value.encode("utf-8", "replace").decode("utf-8"))
    return ""


def utf8_lines(source: bytes) -> list[bytes]:
    """Return the lines as the parser counts them: UTF-8, without a byte order mark."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding, "replace").encode().splitlines()
