"""Choosing formulations: the rule of thumb, and what was measured before it."""

import pytest

from gan_tf.networks.formulation_choice import PLANS, Choice, Choices, Plan, rule_of_thumb
from gan_tf.networks.formulations import Geometry
from gan_tf.runtime import device

WIDE = Geometry(8, 16, 64, 128, "bfloat16")
IMAGE = Geometry(64, 64, 3, 64, "bfloat16")


@pytest.mark.parametrize(
    "plan, geometry, expected",
    [
        (Plan(), WIDE, Choice()),
        (Plan(), IMAGE, Choice(input_gradient="columns")),
        (Plan(forward=4, input_gradient=4), WIDE, Choice("patches", "columns")),
        (Plan(forward=3, input_gradient=3), WIDE, Choice()),  # its smaller side is 4
        (Plan(forward=4, input_gradient=4, channels=65), WIDE, Choice()),
        (Plan(slices=4), WIDE, Choice(filter_gradient="slices")),
        (Plan(slices=8, patches=4), WIDE, Choice(filter_gradient="patches")),
        (
            Plan(slices=8, patches=4, channels=65, sliced_channels=64),
            WIDE,
            Choice(filter_gradient="slices"),
        ),
        (Plan(slices=32, patches=32, image_channels=2), IMAGE, Choice()),
    ],
)
def test_a_plan_goes_by_size_and_channels(plan, geometry, expected):
    assert plan.choice(geometry) == expected


@pytest.mark.parametrize("unit", ["gpu", "tensor_cores", "cpu"])
def test_other_machines_have_no_rule(monkeypatch, unit):
    monkeypatch.setattr(device, "kind", lambda: unit)
    assert rule_of_thumb(WIDE) is None
    assert Choices().of(WIDE) is None


def test_machines_with_bfloat16_have_plans_for_both_precisions():
    units = {unit for unit, _ in PLANS}
    assert set(PLANS) == {(unit, dtype) for unit in units for dtype in ("bfloat16", "float32")}


def test_a_measured_choice_replaces_the_rule(monkeypatch):
    monkeypatch.setattr(device, "kind", lambda: "avx512_bf16")
    measured = Choice("patches", "stock", "rows")
    choices = Choices({WIDE: measured})
    assert choices.of(WIDE) == measured
    assert choices.of(IMAGE) == Choice(input_gradient="columns")
