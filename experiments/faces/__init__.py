"""Quality per minute of training: faces, digits, and few faces."""
