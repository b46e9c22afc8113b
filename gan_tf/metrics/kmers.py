"""k-mers: which short stretches occur in sequences, and how often."""

from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, js_divergence, pooled
from gan_tf.registry import METRICS


class _KmerJS(TokenMetric):
    order = None
    higher_is_better = False

    def score(self, real, fake):
        counts = (pooled(self.sequences(each), self.order) for each in (real, fake))
        return Score(js_divergence(*counts))


@METRICS.register("kmer_js_1")
class KmerJS1(_KmerJS):
    """Jensen-Shannon divergence, in bits, between the frequencies of tokens; 0 is best, 1 worst."""

    order = 1


@METRICS.register("kmer_js_2")
class KmerJS2(_KmerJS):
    """The same of pairs of tokens."""

    order = 2


@METRICS.register("kmer_js_3")
class KmerJS3(_KmerJS):
    """The same of three tokens in a row."""

    order = 3


@METRICS.register("kmer_js_4")
class KmerJS4(_KmerJS):
    """The same of four tokens in a row."""

    order = 4


@METRICS.register("kmer_js_5")
class KmerJS5(_KmerJS):
    """The same of five tokens in a row."""

    order = 5


@METRICS.register("kmer_js_6")
class KmerJS6(_KmerJS):
    """The same of six tokens in a row."""

    order = 6
