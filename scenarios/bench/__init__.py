"""Measured claims: each module prints a table and can be run again."""
