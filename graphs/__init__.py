"""Street graphs and travel matrices; knows nothing about jobs."""
