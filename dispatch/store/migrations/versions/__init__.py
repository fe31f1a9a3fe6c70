"""The revisions. Each says which one it follows."""
