"""Options: dataclasses, the flags made of them, and what goes with what."""
