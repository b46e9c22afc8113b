"""Files: bounded reading of untrusted files, and atomic writing."""
