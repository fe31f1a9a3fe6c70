"""How a database becomes one of this version: Alembic's revisions, one after the other.

`versions/` has a file for each. The first one runs the statements in `first/`, which are what
SQLAlchemy makes of the tables; until the first release `python -m dispatch.store.migrations`
writes them anew whenever tables have changed. From then on a change of the tables is a new
revision, in Alembic's words, and these files stay as they are.
"""
