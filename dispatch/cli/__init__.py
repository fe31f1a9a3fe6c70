"""The command `dispatch`: a composition root, so it may use every package."""

from dispatch.cli.app import app

__all__ = ["app"]
