"""The texts of plain CSV files: bytes to lines, lines to cells, cells to numbers."""

from __future__ import annotations

import csv
from typing import Final

DELIMITERS: Final = ";\t|,"
"""In the order of preference among those that occur equally often in the header."""


def text_of(body: bytes) -> str:
    """Return the text of UTF-8, of UTF-16 with its mark, else of Windows-1252.

    What is no UTF-8 comes from a German Windows; bytes that mean nothing there either become
    replacement signs.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def lines_of(text: str) -> list[str]:
    """Return the lines that hold something; all three line ends are known."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return [line for line in plain.split("\n") if line.strip()]


def delimiter_of(header: str) -> str:
    """Return the sign that parts the columns of a header."""
    return max(DELIMITERS, key=header.count)


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line.

    Line by line, so that a stray quote spoils its own row and not the rest of the file.
    """
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def plain_number(raw: str, decimal: str) -> str:
    """Return a number as Python writes it: `1.234,5`, `12,5` and `1 234.5` are numbers too.

    `decimal` is the sign before the decimals, "" if nobody says: then the last of two different
    signs is it, a single one is it too, and one that comes twice parts thousands.
    """
    text = raw.replace("\u00a0", "").replace(" ", "")
    if not decimal:
        decimal = "," if text.rfind(",") > text.rfind(".") else "."
        if text.count(decimal) > 1:
            decimal = "." if decimal == "," else ","
    thousands = "." if decimal == "," else ","
    return text.replace(thousands, "").replace(decimal, ".")
