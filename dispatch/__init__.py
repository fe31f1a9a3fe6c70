"""Route planning and dispatch for municipal field crews."""

__version__ = "0.1.0"
