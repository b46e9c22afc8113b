"""The garbage collector runs rarely: it would look each time through all that the tests have imported."""

import gc

gc.set_threshold(20_000, 20, 20)
