"""How many rows a network in use is given at once, whatever the number of samples."""

CHUNK = 100
