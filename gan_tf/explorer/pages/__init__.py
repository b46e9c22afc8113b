"""What the browser shows of a run: one file per page, chosen by what the generator samples from.

`gan_tf.explorer.pages.page` documents the contract.
"""
