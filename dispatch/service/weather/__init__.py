"""Where weather comes from: files, the German weather service, and the climate as a last resort."""
