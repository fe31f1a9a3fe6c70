"""The embedded irrigation model: FAO-56 soil water balance of each site, and its needs."""
