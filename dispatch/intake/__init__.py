"""Payloads in, signals out; no database, no network."""
