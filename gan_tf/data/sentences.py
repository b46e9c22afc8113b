"""Sentences: the embedded data set of text, from a small probabilistic grammar."""

import math

import numpy as np

from gan_tf.data.source import Source
from gan_tf.modalities.tokens import END
from gan_tf.registry import DATASETS

NUMBERS = ("singular", "plural")
LENGTH = 16  # tokens of the longest sentence
_DETERMINERS = (("this", "every", "one"), ("these", "many", "two"))
_ADJECTIVES = ("big", "small", "old", "young", "red", "green", "quiet", "proud")
_NOUNS = (
    ("dog", "cat", "bird", "child", "king", "robot", "tree", "river", "house", "horse"),
    ("dogs", "cats", "birds", "children", "kings", "robots", "trees", "rivers", "houses", "horses"),
)
_PREPOSITIONS = ("near", "behind", "under", "with")
_INTRANSITIVE = (("sleeps", "sings", "waits", "falls"), ("sleep", "sing", "wait", "fall"))
_TRANSITIVE = (
    ("sees", "likes", "finds", "follows", "fears", "helps"),
    ("see", "like", "find", "follow", "fear", "help"),
)
_ADVERBS = ("often", "again", "slowly", "today")
_STOP = "."


def _rules():
    """{state: [(probability, words, next state)]} of the grammar; the state after a stop is "end".

    A sentence is a subject, a verb that agrees with it even across a phrase in between, an object
    after a transitive verb, at times an adverb, and a stop.
    """
    rules = {"end": [(1.0, (END,), "end")]}
    rules["start"] = [(0.5, _DETERMINERS[each], f"subject0-{each}") for each in (0, 1)]
    for mine in (0, 1):
        subject, verb = f"subject{{}}-{mine}", f"verb-{mine}"
        _phrase(rules, subject, mine, f"after-{mine}")
        rules[f"after-{mine}"] = [(0.3, _PREPOSITIONS, f"beside-{mine}"), *_verbs(mine, 0.7)]
        rules[f"beside-{mine}"] = [
            (0.5, _DETERMINERS[its], f"beside{mine}{{}}-{its}".format(0)) for its in (0, 1)
        ]
        for its in (0, 1):
            _phrase(rules, f"beside{mine}{{}}-{its}", its, verb)
        rules[verb] = _verbs(mine, 1.0)
    rules["object"] = [(0.5, _DETERMINERS[its], f"object0-{its}") for its in (0, 1)]
    for its in (0, 1):
        _phrase(rules, f"object{{}}-{its}", its, "tail")
    rules["tail"] = [(0.3, _ADVERBS, "stop"), (0.7, (_STOP,), "end")]
    rules["stop"] = [(1.0, (_STOP,), "end")]
    return rules


def _phrase(rules, state, number, then):
    """Adds the rules of up to two adjectives and a noun of a number."""
    for count, share in enumerate((0.4, 0.2)):
        rules[state.format(count)] = [
            (share, _ADJECTIVES, state.format(count + 1)),
            (1 - share, _NOUNS[number], then),
        ]
    rules[state.format(2)] = [(1.0, _NOUNS[number], then)]


def _verbs(number, share):
    return [
        (0.6 * share, _TRANSITIVE[number], "object"),
        (0.4 * share, _INTRANSITIVE[number], "tail"),
    ]


class Grammar:
    """A probabilistic grammar in which at most one derivation makes a sentence.

    Attributes:
        vocabulary: its tokens; the first is "", the end.
    """

    def __init__(self):
        rules = _rules()
        words = {word for each in rules.values() for _, words, _ in each for word in words}
        self.vocabulary = tuple(sorted(words))  # the empty string is the first
        index = {word: place for place, word in enumerate(self.vocabulary)}
        states = {state: place for place, state in enumerate(rules)}
        shape = (len(states) + 1, len(self.vocabulary))  # the last state is that of no sentence
        self._next = np.full(shape, len(states))
        self._probability = np.zeros(shape)
        for state, choices in rules.items():
            for share, words, then in choices:
                for word in words:
                    self._next[states[state], index[word]] = states[then]
                    self._probability[states[state], index[word]] = share / len(words)
        self._start, self._end = states["start"], states["end"]

    def draw(self, count, random):
        """Draws sentences; returns int32 (count, 16).

        Args:
            count: how many.
            random: a `numpy.random.Generator`.
        """
        state = np.full(count, self._start)
        rows = np.empty((count, LENGTH), np.int32)
        totals = self._probability.cumsum(axis=1)
        for position in range(LENGTH):
            drawn = random.random(count)[:, None] * totals[state, -1:]
            rows[:, position] = (totals[state] <= drawn).sum(axis=1)
            state = self._next[state, rows[:, position]]
        return rows

    def log_probability(self, rows):
        """Returns the log probability of each of (n, length) sequences, -inf where it is no sentence."""
        state, total = np.full(len(rows), self._start), np.zeros(len(rows))
        with np.errstate(divide="ignore"):
            for tokens in np.asarray(rows).T:
                total += np.log(self._probability[state, tokens])
                state = self._next[state, tokens]
        return np.where(state == self._end, total, -math.inf)

    def accepts(self, rows):
        """Returns which of (n, length) sequences are complete sentences: bool (n,)."""
        return np.isfinite(self.log_probability(rows))


@DATASETS.register("sentences")
class Sentences(Source):
    """Sentences: 10,000 from a small grammar, up to 16 words; embedded, nothing to download.

    The classes are the number of the subject. Whether a sequence is a sentence, and how probable it
    is, can be computed exactly (`Grammar`).
    """

    modality = "tokens"
    pairing = "single"
    name = "sentences"
    sample_shape = (LENGTH,)
    num_examples = 10_000
    label_names = NUMBERS
    knows = ("grammar",)
    cache_key = "sentences-1"
    terms = "free of terms: drawn by gan_tf from a grammar of its own"

    def __init__(self):
        self.grammar = Grammar()
        self.traits = {"vocabulary": list(self.grammar.vocabulary), "separator": " "}

    def batches(self):
        yield self._draw(self.num_examples, seed=0)

    def held_out(self):
        yield self._draw(2_000, seed=1)

    def accepts(self, rows):
        """Returns which of (n, 16) sequences are complete sentences: bool (n,)."""
        return self.grammar.accepts(rows)

    def _draw(self, count, seed):
        rows = self.grammar.draw(count, np.random.default_rng(seed))
        plural = [self.grammar.vocabulary.index(word) for word in _DETERMINERS[1]]
        return {"tokens": rows, "label": np.isin(rows[:, 0], plural).astype(np.int64)}
