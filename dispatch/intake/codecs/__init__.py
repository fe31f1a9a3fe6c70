"""Bytes of known sensors to values, one sensor family a file."""
