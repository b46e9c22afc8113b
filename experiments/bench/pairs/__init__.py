"""The contenders that train translators from pairs of images."""
