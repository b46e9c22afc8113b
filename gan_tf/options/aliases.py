"""Names that other programs use for flags and their values, and what they are called here."""

import os
import re

_GP = "--loss=wasserstein --penalty=wgan_gp --discriminator_norm=layer --discriminator_steps=5"
_CLIP = "--loss=wasserstein --penalty=weight_clip --discriminator_steps=5"
_SPECTRAL = "--spectral_norm=discriminator --discriminator_norm=none"
# Words that people type, and the flags that are meant: those that the command has are suggested.
_FLAGS = {
    "batch batchsize batch_sz bs minibatch minibatch_size": "batch_size",
    "num_epochs n_epochs nb_epochs max_epochs epoch": "epochs",
    "iterations iters n_iters max_iters num_steps n_steps total_steps max_steps": "steps",
    "resolution size img_size imsize image_res res height crop_size fine_size": "image_size",
    "z_dim zdim nz latent latent_size latent_dimension noise_dim z_size dim_z": "latent_dim",
    "ngf ndf channels filters ch base_channels hidden hidden_dim": "width",
    "n_critic ncritic d_steps critic_steps n_dis num_d_steps": "discriminator_steps",
    "model architecture network net backbone netg": "arch",
    "netd": "discriminator",
    "which_direction": "direction",
    "data_set datasetname data_name": "dataset",
    "data dataroot data_root data_path root folder images_dir img_dir input_dir": "image_dir",
    "output output_dir outdir out_dir log_dir logdir save_dir ckpt_dir checkpoint_dir results_dir": "out "
    "run_dir",
    "run model_dir model_path weights_dir experiment": "run_dir",
    "ckpt load load_checkpoint restore_from": "checkpoint",
    "pretrained init weights_from transfer finetune": "init_from",
    "n num n_samples num_samples samples count n_images": "num_images",
    "random_seed manual_seed": "seed",
    "lr step_size": "learning_rate",
    "gp gradient_penalty lambda_gp r1_gamma reg": "penalty",
    "augment aug ada diffaug diffaugment ema ttur label_smoothing": "trick",
    "load_size scale_size random_crop random_resized_crop crop_jitter zoom": "jitter",
    "mirror hflip horizontal_flip random_flip": "flip",
    "cond class_cond conditional_gan labels num_classes": "conditional",
    "class class_idx cls": "label",
    "snap snapshot save_every save_freq save_interval checkpoint_freq": "checkpoint_every",
    "sample_freq sample_interval display_freq": "sample_every",
    "eval_every eval_freq eval_interval": "evaluate_every",
    "log_freq log_interval print_freq": "log_every",
    "dtype amp fp16 bf16 mixed_precision half": "precision",
    "noise_type distribution latent_distribution": "prior",
    "trunc": "truncation",
    "truncation_psi trunc_psi": "psi",
    "metrics": "metric",
    "time max_time time_limit": "max_minutes",
    "xla jit": "jit_compile",
    "spectral sn use_sn": "spectral_norm",
    "norm normalization": "generator_norm discriminator_norm",
    "activation act nonlinearity": "generator_activation discriminator_activation",
}
_SENTENCES = {
    "lr learning_rate lr_g lr_d g_lr d_lr glr dlr generator_lr discriminator_lr beta1 beta_1 beta2 "
    "beta_2 momentum weight_decay": (
        "discriminator_optimizer",
        "it is an argument of the optimizers, as in --generator_optimizer='adam(2e-4, beta_1=0.5)' "
        "--discriminator_optimizer='adam(2e-4, beta_1=0.5)'",
    ),
    "optimizer optim opt": (
        "discriminator_optimizer",
        "give --generator_optimizer=... and --discriminator_optimizer=...",
    ),
    "gpus gpu num_gpus n_gpu ngpu gpu_ids device devices cuda": (
        "strategy",
        "one GPU is used by default, and all of them with --strategy=mirrored; the environment "
        "variable CUDA_VISIBLE_DEVICES chooses which",
    ),
    "workers num_workers n_workers threads": (
        "strategy",
        "images are read in parallel automatically; python -m gan_tf.launch --workers=2 trains with "
        "several processes",
    ),
    "resume continue restart resume_training": (
        "strategy",
        "repeat the command of a run to resume it, or give its --run_dir",
    ),
    "lambda_a lambda_b lambda_cycle lambda_identity pool_size": (
        "gan",
        "it is an argument of the kind of GAN, as in --gan='cyclegan(cycle=10, identity=0.5, pool=50)'",
    ),
    "lconst_penalty lcategory_penalty": (
        "gan",
        "it is an argument of the kind of GAN, as in --gan='zi2zi(category=1, constancy=15)'",
    ),
    "lambda_l1 l1_penalty ltv_penalty": (
        "content_loss",
        "it is an argument of a content loss, as in --content_loss='l1(100)'",
    ),
    "n_epochs_decay niter_decay lr_policy": (
        "trick",
        "--trick='lr_decay(start=0.5)' lowers the learning rates to 0 in the second half of a run",
    ),
    "recipe": ("preset", "give --preset=NAME; --help=preset lists them"),
    "config cfg yaml": (
        "",
        "--flagfile=FILE reads flags from a file, one on each line",
    ),
    "version v": ("", "gan-tf --version prints it"),
    "cpu no_cuda": ("strategy", "to train without a GPU, set CUDA_VISIBLE_DEVICES=-1"),
}
_VALUES = {  # flag: {value, in lower-case letters and digits: what to give}
    "loss": {
        "wgangp wassersteingp": _GP,
        "wgan wgancp wassersteinclip": _CLIP,
        "wgandiv w1 emd earthmover": "--loss=wasserstein",
        "lsgan mse l2 ls": "--loss=least_squares",
        "bce vanilla gan dcgan ns nsgan logistic softplus crossentropy standard": "--loss=non_saturating",
        "saturating mm": "--loss=minimax",
        "rals ragan ralsgan rahinge": "--loss=relativistic_average",
        "rsgan rpgan": "--loss=relativistic",
        "dragan": "--penalty=dragan --discriminator_norm=layer",
        "r1 r1gp": "--penalty=r1",
        "sngan spectralnorm geometric hingegan": f"--loss=hinge {_SPECTRAL}",
        "infogan": "--trick=infogan",
        "acgan": "--conditional=acgan",
    },
    "arch": {
        "sngan biggan sagan": "--arch=resnet",
        "wgangp": f"--arch=resnet {_GP}",
        "wgan": f"--arch=dcgan {_CLIP}",
        "gan dense fc": "--arch=mlp",
        "cnn conv": "--arch=dcgan",
        "cgan": "--conditional=concat",
        "bigan ali": "--gan=bigan",
    },
    "gan": {
        "dcgan": "--arch=dcgan",
        "wgangp": _GP,
        "wgan": _CLIP,
        "lsgan": "--loss=least_squares",
        "sngan": f"--loss=hinge {_SPECTRAL}",
        "cgan conditional": "--conditional=concat",
        "acgan": "--conditional=acgan",
        "infogan": "--trick=infogan",
        "pacgan": "--packing=2",
        "dragan": "--penalty=dragan --discriminator_norm=layer",
        "ali": "--gan=bigan",
        "gan vanilla": "--gan=standard",
    },
    "penalty": {
        "gp gradientpenalty": "--penalty=wgan_gp --discriminator_norm=layer",
        "clip weightclipping": "--penalty=weight_clip",
        "sn spectral spectralnorm": _SPECTRAL,
    },
    "trick": {
        "spectralnorm sn": _SPECTRAL,
        "diffaugment diffaug augment": "--trick=diff_augment",
        "pacgan packing": "--packing=2",
        "minibatchstd minibatchstddev mbstd minibatchdiscrimination": "--minibatch_stddev=4",
        "averaging movingaverage exponentialmovingaverage": "--trick=ema",
        "twotimescale": "--trick=ttur",
        "flip mirror": "--flip",
        "r1 gp": "--penalty=r1",
    },
    "dataset": {
        "fashion": "--dataset=fashion_mnist",
        "cifar": "--dataset=cifar10",
        "digits": "--dataset=glyphs",
        "font characters hanzi": "--gan=zi2zi --dataset=fonts",
        "unaligned unpaired": "--gan=cyclegan --dataset=unpaired_folders --image_dir=FOLDER",
        "aligned paired pairs": "--gan=pix2pix --dataset=paired_folder --image_dir=FOLDER",
        "folder images photos custom own files dir": "--dataset=image_folder --image_dir=FOLDER",
    },
}


def flag(name, known):
    """Returns advice on a flag that a command does not have; None for none.

    Args:
        name: what was typed, without dashes.
        known: the names of the command's flags.

    Returns:
        A clause such as "give --batch_size=...".
    """
    name = name.replace("-", "_").lower()
    for words, (needed, sentence) in _SENTENCES.items():
        if name in words.split() and (not needed or needed in known):
            return sentence
    for words, flags in _FLAGS.items():
        there = [each for each in flags.split() if each in known]
        if name in words.split() and there:
            return "give " + " or ".join(f"--{each}=..." for each in there)
    return None


def value(flag_name, text):
    """Returns advice on the value of a flag that names no entry of its registry; None for none.

    Returns:
        A clause such as "give --loss=wasserstein --penalty=wgan_gp".
    """
    if flag_name == "dataset" and (os.sep in text or os.path.isdir(text)):
        return f"give --dataset=image_folder --image_dir={text}"
    plain = re.sub(r"[^a-z0-9]", "", text.partition("(")[0].lower())
    found = _VALUES.get(flag_name, {}).items()
    return next((f"give {advice}" for words, advice in found if plain in words.split()), None)
