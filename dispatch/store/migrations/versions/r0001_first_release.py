"""All tables of the first release."""

import re

from alembic import op

from dispatch.store.migrations.first_tables import stored_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    connection = op.get_bind()
    for statement in stored_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Take the tables away with all that is in them."""
    connection = op.get_bind()
    made = re.findall(
        r"^CREATE TABLE \S+", "\n".join(stored_statements(connection.dialect.name)), re.M
    )
    for table in reversed(made):
        connection.exec_driver_sql(table.replace("CREATE", "DROP"))
