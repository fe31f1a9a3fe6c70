"""Ways by which payloads come in: they carry bytes to the inbox and never look into them."""
