"""Use cases: open a transaction, call pure code, save."""
