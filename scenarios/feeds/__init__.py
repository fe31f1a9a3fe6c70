"""What the sensors of the demo world send: payload bytes in real formats."""
