"""The GANs of the experiment, and the sets of images that they generate."""

import dataclasses
import shlex

from gan_tf.options import flags
from gan_tf.options.config import Config

_NETWORKS = "--arch=dcgan --width=32"
GANS = {
    "few": (
        "--dataset=image_folder --color_mode=grayscale --image_size=28 --conditional=projection "
        f"--trick=diff_augment --trick=ema(0.99) --batch_size=50 {_NETWORKS}"
    ),
    "unlabeled": f"--dataset=mnist --batch_size=64 --epochs=3 {_NETWORKS}",
    "labeled": f"--dataset=mnist --conditional=projection --batch_size=64 --epochs=3 {_NETWORKS}",
}
SETS = {  # of generated images: the GAN; whether they are filtered by a classifier of real images
    "few": ("few", False),
    "few, filtered": ("few", True),
    "unlabeled": ("unlabeled", True),
    "labeled": ("labeled", False),
}


def gan_config(options, gan, seed):
    """The resolved `Config` of a GAN; GANs trained on all images are shared by all seeds."""
    config, _ = flags.parse(Config, ["augmentation", *shlex.split(GANS[gan])], "")
    few = gan == "few"
    name = f"few-{options.images}-{seed}" if few else gan
    return dataclasses.replace(
        config,
        image_dir=f"{options.runs}/real-{options.images}-{seed}" if few else None,
        data_dir=None if few else options.data_dir,
        seed=seed if few else 0,
        steps=options.gan_steps if few else options.large_gan_steps,
        checkpoint_every="100epochs",
        sample_every="500steps",
        run_dir=f"{options.runs}/{name}",
        keep=1,
    ).resolve()
