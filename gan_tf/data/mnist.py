"""Small labeled data sets that tensorflow-datasets downloads: MNIST and similar ones."""

from gan_tf.data.tfds_images import TfdsImages
from gan_tf.registry import DATASETS


@DATASETS.register("mnist")
class Mnist(TfdsImages):
    """MNIST: 60,000 handwritten digits, 28x28 grayscale, 10 classes.

    Source: LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998.
    """

    name = "mnist"
    features = "mnist_classifier"
    default_image_size = 28
    channels = 1
    published_images = 60_000
    download_host = "storage.googleapis.com"
    terms = (
        "Creative Commons Attribution-ShareAlike 3.0; copyright Yann LeCun and Corinna Cortes, a "
        "derivative of NIST's data sets (http://yann.lecun.com/exdb/mnist/)"
    )


@DATASETS.register("fashion_mnist")
class FashionMnist(TfdsImages):
    """Fashion-MNIST: 60,000 pieces of clothing, 28x28 grayscale, 10 classes.

    Source: Xiao et al., 2017, https://arxiv.org/abs/1708.07747.
    """

    name = "fashion_mnist"
    default_image_size = 28
    channels = 1
    published_images = 60_000
    download_host = "fashion-mnist.s3-website.eu-central-1.amazonaws.com"
    terms = "MIT licence, copyright Zalando SE (https://github.com/zalandoresearch/fashion-mnist)"


@DATASETS.register("kmnist")
class Kmnist(TfdsImages):
    """Kuzushiji-MNIST: 60,000 cursive Japanese characters, 28x28 grayscale, 10 classes.

    Source: Clanuwat et al., "Deep Learning for Classical Japanese Literature", 2018,
    https://arxiv.org/abs/1812.01718.
    """

    name = "kmnist"
    default_image_size = 28
    channels = 1
    published_images = 60_000
    download_host = "codh.rois.ac.jp"
    terms = (
        "Creative Commons Attribution-ShareAlike 4.0; KMNIST data set, created by CODH and others, "
        "adapted from NIJL's Kuzushiji data set (https://github.com/rois-codh/kmnist)"
    )


@DATASETS.register("cifar10")
class Cifar10(TfdsImages):
    """CIFAR-10: 50,000 small photographs, 32x32 RGB, 10 classes.

    Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
    """

    name = "cifar10"
    default_image_size = 32
    channels = 3
    published_images = 50_000
    download_host = "www.cs.toronto.edu"
    terms = (
        "its authors name no licence; they ask for a citation of Krizhevsky, 2009 "
        "(https://www.cs.toronto.edu/~kriz/cifar.html)"
    )
