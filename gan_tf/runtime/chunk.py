"""The fixed batch size of networks at inference, independent of the number of samples."""

CHUNK = 100
