"""Arguments of `compile` and of the constructor that would have no effect, or a wrong one."""

import keras
import pytest

from gan_tf.errors import UserError
from gan_tf.gans.arguments import check_keywords, loss_of, optimizers_of, several
from gan_tf.losses.adversarial import Hinge
from gan_tf.losses.penalties import R1
from gan_tf.registry import PENALTIES


def test_specs_and_objects_are_optimizers():
    sgd = keras.optimizers.SGD(0.1)
    found = optimizers_of({"generator": "adam(1e-3)", "discriminator": sgd})
    assert float(found["generator"].learning_rate) == pytest.approx(1e-3)
    assert found["discriminator"] is sgd


@pytest.mark.parametrize("item", [keras.optimizers.Adam, 0.001, None])
def test_other_objects_are_not(item):
    with pytest.raises(UserError, match=r"discriminator_optimizer is of type .*give a keras"):
        optimizers_of({"generator": "adam", "discriminator": item})


def test_two_networks_need_two_optimizers():
    adam = keras.optimizers.Adam()
    with pytest.raises(UserError, match="generator_optimizer and discriminator_optimizer one each"):
        optimizers_of({"generator": adam, "discriminator": adam})


def test_a_loss_of_keras_is_refused():
    assert isinstance(loss_of("hinge"), Hinge)
    with pytest.raises(UserError, match="loss is of type BinaryCrossentropy: give one of hinge"):
        loss_of(keras.losses.BinaryCrossentropy())


def test_a_single_spec_need_not_be_in_a_list():
    (one,) = several(PENALTIES, "r1(3.0)")
    (other,) = several(PENALTIES, ["r1(3.0)"])
    assert type(one) is type(other) and one.get_config() == other.get_config()


def test_a_single_object_need_not_either_and_none_is_none():
    penalty = R1(3.0)
    assert several(PENALTIES, penalty) == several(PENALTIES, (penalty,)) == [penalty]
    assert several(PENALTIES, None) == several(PENALTIES, ()) == []


@pytest.mark.parametrize(
    "item, message", [(3, "int is of another type"), (R1, "R1 is a class"), ([None], "NoneType")]
)
def test_other_objects_are_no_penalties(item, message):
    with pytest.raises(UserError, match=f"{message}.*not a penalty: give one of dragan"):
        several(PENALTIES, item)


def test_classes_of_losses_are_refused():
    with pytest.raises(UserError, match=r"loss is of type .*give one of hinge"):
        loss_of(Hinge)


@pytest.mark.parametrize(
    "name, hint",
    [("optimizer", "did you mean 'generator_optimizer'"), ("metrics", "it takes loss")],
)
def test_arguments_without_an_effect_are_refused(name, hint):
    own = ("loss", "generator_optimizer") if name == "optimizer" else ("loss",)
    check_keywords(["jit_compile"], own)
    with pytest.raises(UserError, match=f"does not take {name}") as caught:
        check_keywords([name], own)
    assert hint in str(caught.value)
