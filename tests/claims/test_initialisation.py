"""The claims of chapter 5, on the values that the site's own run left."""

import math
from collections.abc import Callable
from typing import Any

import pytest

Values = Callable[[str], dict[str, Any]]


def test_article_weights_are_an_ordinary_sample(values: Values) -> None:
    run = values("initialisation/article_histogram.py")
    assert run["count"] == 432
    assert 0 < abs(run["mean"]) < 3 * run["standard_error"]
    assert run["sd"] == pytest.approx(1, abs=0.1)
    assert run["distance"] < run["critical"]


def test_article_histogram_has_seed_12_and_30_bins(values: Values) -> None:
    run = values("initialisation/article_histogram.py")
    assert (run["seed"], run["BINS"]) == (12, 30)
    assert run["mean"] == pytest.approx(-0.0805, abs=1e-3)


def test_article_weights_amplify_fivefold(values: Values) -> None:
    run = values("initialisation/article_histogram.py")
    assert run["growth"] == pytest.approx(run["growth_theory"], rel=0.1)


def test_sample_means_scatter_by_the_standard_error(values: Values) -> None:
    run = values("initialisation/lucky_seed.py")
    assert run["spread"] == pytest.approx(run["theory"], rel=0.1)
    assert 0.02 < run["farther"] < 0.3


def test_mean_closes_in_as_the_sample_grows(values: Values) -> None:
    mean = values("initialisation/sample_size.py")["mean"]
    for count, value in mean.items():
        assert abs(value) < 4 / math.sqrt(int(count))
    assert abs(mean["110592"]) < abs(mean["432"]) < abs(mean["27"])


def test_first_432_of_a_longer_draw_are_the_article_weights(values: Values) -> None:
    longer = values("initialisation/sample_size.py")["mean"]["432"]
    assert longer == pytest.approx(values("initialisation/article_histogram.py")["mean"], abs=1e-6)


@pytest.mark.parametrize(
    "layer", ["Linear", "Conv2d", "ConvTranspose2d", "LSTM", "MultiheadAttention"]
)
def test_default_weights_reach_their_bound_and_stop_there(values: Values, layer: str) -> None:
    run = values("initialisation/default_layers.py")
    assert 0.95 < run["largest"][layer] / run["bound"][layer] < 1 + 1e-6


def test_default_of_linear_depends_on_fan_in_alone(values: Values) -> None:
    run = values("initialisation/fan_in_alone.py")
    for outputs in ("8", "512"):
        assert run["largest"][outputs] == pytest.approx(run["bound"], rel=0.02)
        assert run["xavier"][outputs] != pytest.approx(run["bound"], rel=0.1)


def test_seed_table_says_what_the_page_says(values: Values) -> None:
    same = values("initialisation/seed_table.py")["same"]
    differing = [
        "one seed, `normal_` twice",
        "seed, then another layer first",
        "seed, then dropout first",
        "the article: biases",
        "`randn(1, 8)`, `randn(2, 8)`",
        "`float32`, `float64`",
    ]
    assert {name for name, equal in same.items() if not equal} == set(differing)
    assert len(same) == 15


def test_mean_factor_of_a_relu_layer_is_the_theory(values: Values) -> None:
    run = values("initialisation/ten_layers.py")
    for start, theory in run["theory"].items():
        assert run["factor"][start] == pytest.approx(theory, rel=0.04)


def test_theory_has_the_values_derived_on_the_page(values: Values) -> None:
    theory = values("initialisation/ten_layers.py")["theory"]
    derived = {
        "one": math.sqrt(32),
        "small": 0.01 * math.sqrt(32),
        "default": math.sqrt(1 / 6),
        "Xavier": math.sqrt(1 / 2),
        "Kaiming": 1,
        "orthogonal": 1,
    }
    assert theory == pytest.approx(derived, rel=0.01)


def test_typical_network_lies_below_the_mean(values: Values) -> None:
    run = values("initialisation/ten_layers.py")
    assert all(run["typical"][start] < run["factor"][start] for start in run["factor"])


def test_signal_and_gradient_balance_at_gain_root_two(values: Values) -> None:
    run = values("initialisation/gain.py")
    for field in ("forward", "backward"):
        assert run[field]["1"] < 1e-6
        assert 0.1 < run[field]["1.41"] < 10
        assert run[field]["1.8"] > 1e3


def test_weights_gradient_is_the_same_in_each_layer(values: Values) -> None:
    change = values("initialisation/seesaw.py")["change"]
    assert change["signal"] < 0.01
    assert change["gradient_of_the_signal"] > 100
    assert 0.3 < change["gradient_of_the_weights"] < 3


def test_tanh_dies_out_or_saturates(values: Values) -> None:
    run = values("initialisation/saturation.py")
    assert run["spread"]["0.03"] < 1e-4
    assert 0.1 < run["spread"]["0.125"] < 0.5 and run["saturated"]["0.125"] < 0.01
    assert run["spread"]["0.21"] > 0.8 * run["second"]["0.21"]
    assert run["spread"]["0.125"] < 0.7 * run["second"]["0.125"]
    assert run["saturated"]["1.0"] > 0.6


def test_gains_are_exact_for_the_relu_family_alone(values: Values) -> None:
    run = values("initialisation/gains.py")
    recommended, keeping = run["recommended"], run["keeping"]
    for name in ("linear", "relu", "leaky_relu"):
        assert recommended[name] == pytest.approx(keeping[name], rel=1e-3)
    assert recommended["tanh"] > 1.02 * keeping["tanh"]
    assert recommended["sigmoid"] < 0.6 * keeping["sigmoid"]
    assert recommended["selu"] < 0.8 * keeping["selu"]


def test_gelu_has_no_recommended_gain_and_is_near_relu(values: Values) -> None:
    run = values("initialisation/gains.py")
    assert "gelu" not in run["recommended"]
    assert 1 < run["keeping"]["gelu"] / run["keeping"]["relu"] < 1.1


def test_equal_units_stay_equal(values: Values) -> None:
    run = values("initialisation/symmetry.py")
    assert (run["rank"]["constant"], run["rank"]["zeros"]) == (1, 0)
    assert run["rank"]["default"] == 32
    assert run["accuracy"]["constant"] < 0.5 and run["accuracy"]["default"] > 0.9


def test_zeros_leave_the_loss_at_chance(values: Values) -> None:
    loss = values("initialisation/symmetry.py")["loss"]["zeros"]
    assert loss == pytest.approx(math.log(10), abs=0.02)


def test_dropout_breaks_the_symmetry(values: Values) -> None:
    run = values("initialisation/symmetry.py")
    assert run["rank"]["dropout"] > 8 and run["accuracy"]["dropout"] > 0.85


def test_zeros_harm_in_the_first_layer_but_not_in_biases_or_the_last(values: Values) -> None:
    run = values("initialisation/zeros.py")
    assert all(run["accuracy"][name] > 0.9 for name in ("none", "biases", "last"))
    assert all(run["accuracy"][name] < 0.2 for name in ("first", "all"))


@pytest.mark.parametrize("method", ["SGD", "Adam"])
def test_two_layers_deep_the_usual_starts_tie(values: Values, method: str) -> None:
    accuracy = values("initialisation/shallow.py")["accuracy"][method]
    usual = [accuracy[start] for start in ("default", "Xavier", "Kaiming")]
    assert min(usual) > 0.9 and max(usual) - min(usual) < 0.05
    assert values("initialisation/shallow.py")["gap"] < 0.05


@pytest.mark.parametrize("method", ["SGD", "Adam"])
def test_two_layers_deep_no_random_start_wins_at_the_edge_of_the_grid(
    values: Values, method: str
) -> None:
    run = values("initialisation/shallow.py")
    grid = run["RATES"][method]
    chosen = [rate for start, rate in run["chosen"][method].items() if start != "constant"]
    assert all(grid[0] < rate < grid[-1] for rate in chosen)


def test_two_layers_deep_the_article_start_costs_points(values: Values) -> None:
    accuracy = values("initialisation/shallow.py")["accuracy"]
    assert accuracy["SGD"]["one"] < 0.9 * accuracy["SGD"]["Kaiming"]
    assert accuracy["Adam"]["one"] < accuracy["Adam"]["Kaiming"] - 0.02


def test_two_layers_deep_adam_makes_up_for_a_small_start(values: Values) -> None:
    accuracy = values("initialisation/shallow.py")["accuracy"]
    assert accuracy["Adam"]["small"] > 0.9
    assert accuracy["SGD"]["small"] < accuracy["Adam"]["small"]


@pytest.mark.parametrize("method", ["SGD", "Adam"])
def test_two_layers_deep_a_constant_is_beyond_help(values: Values, method: str) -> None:
    assert values("initialisation/shallow.py")["accuracy"][method]["constant"] < 0.4


def test_ten_layers_deep_sgd_trains_from_xavier_and_kaiming_alone(values: Values) -> None:
    accuracy = values("initialisation/deep.py")["accuracy"]["SGD"]
    assert all(accuracy[start] < 0.2 for start in ("one", "small", "default"))
    assert accuracy["Xavier"] > 0.5 and accuracy["Kaiming"] > 0.75


def test_ten_layers_deep_adam_mends_a_part(values: Values) -> None:
    accuracy = values("initialisation/deep.py")["accuracy"]["Adam"]
    assert accuracy["small"] < 0.2
    assert 0.15 < accuracy["one"] < accuracy["Kaiming"] - 0.2
    assert 0.3 < accuracy["default"] < accuracy["Kaiming"] - 0.1
    assert min(accuracy["Xavier"], accuracy["Kaiming"]) > 0.8


def test_ten_layers_deep_the_article_start_ends_in_nan_with_sgd(values: Values) -> None:
    run = values("initialisation/deep.py")
    assert run["broken"]["SGD"] == run["tried_count"]
    assert run["broken"]["Adam"] == 0


def test_default_with_sgd_never_leaves_chance(values: Values) -> None:
    run = values("initialisation/plateau.py")
    assert run["steps"]["default_SGD"] == math.inf and run["accuracy"]["default_SGD"] < 0.2
    assert run["steps"]["Kaiming_SGD"] < 200


def test_default_with_adam_learns_but_later(values: Values) -> None:
    run = values("initialisation/plateau.py")
    assert 1.5 * run["steps"]["Kaiming_Adam"] < run["steps"]["default_Adam"] < math.inf
    assert 0.5 < run["accuracy"]["default_Adam"] < run["accuracy"]["Kaiming_Adam"] - 0.02


def test_the_long_run_takes_rates_near_the_best_of_the_grid(values: Values) -> None:
    best = values("initialisation/deep.py")["best"]
    for name, rate in values("initialisation/plateau.py")["RATES"].items():
        start, method = name.split(", ")
        if name != "default, SGD":
            assert 0.25 < rate / best[method][start] < 4


def test_default_hardly_tells_images_apart(values: Values) -> None:
    difference = values("initialisation/plateau.py")["difference"]
    assert difference["default_SGD"] < 1e-3 * difference["Kaiming_SGD"]


def test_batch_normalisation_rescues_every_start(values: Values) -> None:
    run = values("initialisation/normalised.py")
    assert run["plain"]["one"] < 0.2 and run["plain"]["default"] < 0.2
    assert min(run["normalised"].values()) > 0.6
    assert run["normalised"]["default"] == pytest.approx(run["normalised"]["Kaiming"], abs=0.1)


def test_init_holds_functions_that_work_in_place(values: Values) -> None:
    run = values("initialisation/functions.py")
    assert run["count"] == 14 and run["class_count"] == 0
    assert all(run["in_place"].values())


def test_init_functions_have_the_deviation_of_their_formula(values: Values) -> None:
    deviation = values("initialisation/functions.py")["deviation"]
    formula = {
        "uniform_": math.sqrt(1 / 12),
        "normal_": 1,
        "trunc_normal_": 0.88,
        "xavier_uniform_": math.sqrt(2 / 384),
        "xavier_normal_": math.sqrt(2 / 384),
        "kaiming_uniform_": math.sqrt(2 / 128),
        "kaiming_normal_": math.sqrt(2 / 128),
        "orthogonal_": 1 / 16,
    }
    for name, value in formula.items():
        assert deviation[name] == pytest.approx(value, rel=0.03)
