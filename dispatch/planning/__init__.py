"""Jobs, shifts and travel matrices in, a checked plan out."""
