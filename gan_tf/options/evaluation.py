"""How a run is scored while it trains."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import FEATURES, METRICS


@dataclasses.dataclass(frozen=True)
class EvaluationOptions:
    """When a run is scored, with which metrics and features, and when it stops for lack of progress."""

    evaluate_every: str | None = option(
        None,
        "Evaluation",
        "interval between scores: 2epochs, 500steps; default: none",
        free=True,
    )
    metric: tuple = option(
        (),
        "Evaluation",
        "compute these scores; the first decides which checkpoint is best; default: fid",
        registry=METRICS,
        free=True,
    )
    features: str | None = option(
        None,
        "Evaluation",
        "the features that metrics compare; default: by --dataset",
        registry=FEATURES,
        free=True,
    )
    inception_weights: str | None = option(
        None,
        "Evaluation",
        "file of Keras's InceptionV3 weights, for the features inception and inception_clean",
        path=True,
        reads="file",
        free=True,
    )
    stop_when_no_better: int | None = option(
        None,
        "Evaluation",
        "end the run after this many scores in a row without an improvement",
        low=1,
        free=True,
    )
