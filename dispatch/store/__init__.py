"""The database: SQLModel lives here and nowhere else."""

from dispatch.store.engine import Store, open_store
from dispatch.store.repository import Transaction

__all__ = ["Store", "Transaction", "open_store"]
