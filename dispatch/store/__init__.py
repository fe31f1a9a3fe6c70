"""The database: SQLModel lives here and nowhere else."""
