"""Write the statements of the first revision anew; only before the first release."""

from dispatch.store.migrations.first_tables import FOLDER, statements_of

for dialect in ("sqlite", "postgresql"):
    file = FOLDER / f"{dialect}.sql"
    file.write_text(statements_of(dialect), encoding="utf-8")
    print(file)
