"""The game of one generator against one discriminator: losses, without their optimizers."""

import tensorflow as tf

from gan_tf.losses.penalties import lazily
from gan_tf.runtime import replicas


class Game:
    """Mixed into a kind of one generator and one discriminator; a kind of several has an object for each.

    What mixes it in, or the object, has `generator`, `_discriminate` (see `discriminator_output`),
    `_packing`, and, of the GAN: `adversarial_loss`, `penalties`, `tricks`, `random`, `step`, `log`,
    `_statistics`, `_synchronized`.
    """

    def discriminate(self, samples, condition=None):
        """Applies the tricks to samples (batch, ...); returns the `DiscriminatorOutput` on them.

        Args:
            samples: scaled for networks.
            condition: the discriminator's other input, labels; None: none.
        """
        for trick in self.tricks:
            samples = trick.images(self, samples)
        return self._discriminate(samples, condition)

    def discriminate_batch(self, batch):
        """The outputs on reals and on fakes."""
        if not any(each.mixes_batches for each in self.tricks):
            # In separate batches, so that batch normalization does not mix their statistics
            # (Chintala et al., "How to train a GAN", hack 4).
            of_real, of_fake = self.conditions(batch)
            return (
                self.discriminate(batch.real, of_real),
                self.discriminate(batch.fake, of_fake),
            )
        labels = None if batch.labels is None else tf.concat([batch.labels, batch.labels], 0)
        return self.discriminate(tf.concat([batch.real, batch.fake], 0), labels).split()

    def discriminator_loss(self, batch, real, fake):
        """Returns the discriminator's loss, including tricks, without penalties.

        Args:
            batch: the `Batch`.
            real, fake: the `DiscriminatorOutput` on each.
        """
        logits = real.logits, fake.logits
        for trick in self.tricks:
            logits = trick.logits(self, *logits)
        loss = tf.reduce_mean(self.adversarial_loss.discriminator(*logits))
        batch = batch.with_outputs(
            *(each.with_logits(changed) for each, changed in zip((real, fake), logits))
        )
        for trick in self.tricks:
            loss = trick.discriminator_loss(self, loss, batch)
        return loss

    def penalty(self, batch):
        """Returns the sum of the penalties due in this step, including tricks."""
        condition, _ = self.conditions(batch)
        due = tf.add_n([0.0, *(self._penalty(each, batch, condition) for each in self.penalties)])
        for trick in self.tricks:
            due = trick.penalty(self, due)
        return due

    def generator_loss(self, batch, real_output):
        """Returns the generator's loss, including tricks.

        Args:
            batch: the `Batch`.
            real_output: the discriminator's output on the reals, from its update.
        """
        _, of_fake = self.conditions(batch)
        fake_output = self.discriminate(batch.fake, of_fake)
        return self.inverse_loss(batch.with_outputs(real_output, fake_output))

    def inverse_loss(self, batch):
        """Returns the loss that opposes the discriminator's, of a batch with outputs, including tricks."""
        losses = self.inverse_losses(batch.real_output.logits, batch.fake_output.logits)
        loss = tf.add_n([tf.reduce_mean(each) for each in losses])
        for trick in self.tricks:
            loss = trick.generator_loss(self, loss, batch)
        return loss

    def inverse_losses(self, real_logits, fake_logits):
        """Returns a list of the losses that oppose the discriminator's, per example, without tricks."""
        return [self.adversarial_loss.generator(fake_logits, real_logits)]

    def conditions(self, batch):
        """Returns the discriminator's conditions for the reals and for the fakes: labels."""
        return batch.labels, batch.labels

    def scores(self, real_logits, fake_logits):
        """Returns the values that are logged of a batch's logits."""
        return {
            "real_probability": tf.sigmoid(real_logits),
            "fake_probability": tf.sigmoid(fake_logits),
            "real_accuracy": real_logits > 0,
            "fake_accuracy": fake_logits < 0,
            "real_logit": real_logits,
            "fake_logit": fake_logits,
            "real_sign": tf.sign(real_logits),
        }

    def log_discriminator(self, loss, penalty, norm, real, fake):
        """Logs the values of a discriminator update."""
        self.log(
            discriminator_loss=loss,
            discriminator_gradient_norm=norm,
            penalty=penalty,
            **self.scores(real.logits, fake.logits),
        )

    def _penalty(self, penalty, batch, condition):
        """The value of a penalty, 0 in steps in which it is not due."""

        def due():
            value = penalty(critic, batch.real, batch.fake, self.random)
            return penalty.every * tf.convert_to_tensor(value, tf.float32)

        def critic(samples):
            return self.discriminate(samples, condition).logits

        critic.packing = self._packing
        if penalty.every > 1 and self._synchronized and replicas.replicas() > 1:
            # Replicas cannot synchronize in a branch, so it is computed and discarded.
            is_due = self.step % penalty.every == 0
            before = [tf.convert_to_tensor(each) for each in self._statistics]
            value = tf.where(is_due, due(), 0.0)
            for moving, kept in zip(self._statistics, before):
                moving.assign(tf.where(is_due, moving, kept))
            return value
        return lazily(self.step, penalty.every, due, 0.0)
