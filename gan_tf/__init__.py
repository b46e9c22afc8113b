"""gan_tf: train generative adversarial networks with TensorFlow and Keras.

The modules at the top are the commands, the registries and the errors; everything else is in a
package named after its subject. docs/architecture.md is the map.

Nothing heavy is imported here, so that `--help` answers at once. What a program or a notebook needs,
`gan_tf.GAN`, `gan_tf.train` and so on, is imported when it is first used.
"""

import os
import sys

__version__ = "0.1.0"

_PUBLIC = {  # name: where it is defined
    "GAN": "gan_tf.gans.standard.GAN",
    "BiGAN": "gan_tf.gans.bigan.BiGAN",
    "Pix2Pix": "gan_tf.gans.pix2pix.Pix2Pix",
    "CycleGAN": "gan_tf.gans.cyclegan.CycleGAN",
    "SeqGAN": "gan_tf.gans.seqgan.SeqGAN",
    "Zi2Zi": "gan_tf.gans.zi2zi.Zi2Zi",
    "MLP": "gan_tf.networks.mlp.MLP",
    "DCGAN": "gan_tf.networks.dcgan.DCGAN",
    "ResNet": "gan_tf.networks.resnet.ResNet",
    "StyleGAN2": "gan_tf.networks.stylegan2.StyleGAN2",
    "R3GAN": "gan_tf.networks.r3gan.R3GAN",
    "FastGAN": "gan_tf.networks.fastgan.FastGAN",
    "ResNet1D": "gan_tf.networks.resnet1d.ResNet1D",
    "WaveGAN": "gan_tf.networks.wavegan.WaveGAN",
    "MoCoGAN": "gan_tf.networks.mocogan.MoCoGAN",
    "TGAN": "gan_tf.networks.tgan.TGAN",
    "GumbelLSTM": "gan_tf.networks.gumbel_lstm.GumbelLSTM",
    "BiganMLP": "gan_tf.networks.bigan_mlp.BiganMLP",
    "UNet": "gan_tf.networks.unet.UNet",
    "ResNetTranslator": "gan_tf.networks.resnet_translator.ResNetTranslator",
    "SRResNet": "gan_tf.networks.srresnet.SRResNet",
    "RRDB": "gan_tf.networks.rrdb.RRDB",
    "PatchGAN": "gan_tf.networks.discriminators.PatchGAN",
    "LSTM": "gan_tf.networks.lstm.LSTM",
    "ScratchGAN": "gan_tf.networks.scratchgan.ScratchGAN",
    "train": "gan_tf.training.from_python.train",
    "load": "gan_tf.runs.trained_run.TrainedRun",
    "UserError": "gan_tf.errors.UserError",
}

# With oneDNN, a CPU with AVX2 trains a DCGAN about twice as fast. On Linux, TensorFlow leaves it out
# if the CPU has no AVX512-VNNI or the like; the variable is read when TensorFlow is imported.
if sys.platform == "linux" and os.uname().machine == "x86_64":
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

if getattr(sys, "argv", [])[:1] == ["-m"]:  # `python -m` is looking for a module of this package
    from gan_tf.options import commands

    commands.check_command_line()
    del commands


def __getattr__(name):
    """Imports a public name, without TensorFlow's start-up messages."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'gan_tf' has no attribute '{name}'")
    import importlib

    from gan_tf.options import flags

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    module, _, item = _PUBLIC[name].rpartition(".")
    with flags.quiet_import():
        found = getattr(importlib.import_module(module), item)
    globals()[name] = found
    return found


def __dir__():
    return sorted({*globals(), *_PUBLIC})
