"""gan_tf: train generative adversarial networks with TensorFlow and Keras.

The modules at the top are the commands, the registries and the errors; everything else is in a
package named after its subject. docs/architecture.md is the map.

Nothing heavy is imported here, so that `--help` answers at once.
"""

import sys

__version__ = "0.1.0"

if getattr(sys, "argv", [])[:1] == ["-m"]:  # `python -m` is looking for a module of this package
    from gan_tf.options import commands

    commands.check_command_line()
    del commands
