"""The garbage collector looks seldom: what the tests import stays, and is looked through each time."""

import gc

gc.set_threshold(20_000, 20, 20)
