"""Files of any origin: read within bounds, written whole or not at all."""
