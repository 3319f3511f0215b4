"""The claims of the chapter on initialisation, on the values that the site's own run left."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn

Values = Callable[[str], dict[str, Any]]


@pytest.mark.own_seed
def test_article_weights_are_an_ordinary_sample(values: Values) -> None:
    run = values("initialisation/article_histogram.py")
    assert run["count"] == 432
    assert 0 < abs(run["mean"]) < 3 * run["standard_error"]
    assert run["sd"] == pytest.approx(1, abs=0.1)
    assert run["distance"] < run["critical"]


@pytest.mark.own_seed
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


@pytest.mark.own_seed
def test_seed_12_is_a_little_off_but_no_rarity(values: Values) -> None:
    assert 0.05 < values("initialisation/lucky_seed.py")["farther"] < 0.3


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


@pytest.mark.identity
def test_seed_table_says_what_the_page_says(values: Values) -> None:
    run = values("initialisation/seed_table.py")
    differing = {
        "one seed, `normal_` twice",
        "seed, then another layer first",
        "seed, then dropout first",
        "the article: biases",
        "`randn(1, 8)`, `randn(2, 8)`",
        "`float32`, `float64`",
    }
    assert {name for name, equal in run["same"].items() if not equal} == differing
    assert len(run["same"]) == run["count"] == 15


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


def test_three_default_layers_leave_about_a_tenth_of_the_signal(values: Values) -> None:
    hidden = values("initialisation/ten_layers.py")["theory"]["default"]
    output = hidden * math.sqrt(2)  # no ReLU behind it
    assert 0.07 < hidden * hidden * output < 0.14


def test_a_typical_draw_lies_below_the_mean_over_draws(values: Values) -> None:
    run = values("initialisation/ten_layers.py")
    assert all(run["typical"][start] < run["factor"][start] for start in run["factor"])


def test_ten_standard_normal_layers_make_seven_orders_of_magnitude(values: Values) -> None:
    run = values("initialisation/ten_layers.py")
    assert run["digits"] == 8
    assert f"{run['power']['one']:.0e}" == "3e+07"
    assert run["last"]["default"] < 1e-3 and 0.5 < run["last"]["Kaiming"] < 1.5


def test_the_program_to_copy_learns(values: Values) -> None:
    assert values("initialisation/deep_network.py")["reached"] > 0.85


def test_the_program_without_apply_stays_at_guessing_with_more_time_too(values: Values) -> None:
    run = values("initialisation/without_apply.py")
    assert run["EPOCHS"] == values("initialisation/deep_network.py")["EPOCHS"]
    for epochs in (run["EPOCHS"], run["LONGER"]):
        assert run["accuracy"][f"{epochs}"] < 0.15
        assert run["loss"][f"{epochs}"] == pytest.approx(math.log(10), abs=0.03)


def test_signal_and_gradient_balance_at_gain_root_two(values: Values) -> None:
    run = values("initialisation/gain.py")
    for field in ("forward", "backward"):
        assert run[field]["1"] < 1e-6
        assert 0.1 < run[field]["1.41"] < 10
        assert run[field]["1.8"] > 1e3


def test_weights_gradient_is_the_same_in_each_relu_layer(values: Values) -> None:
    change = values("initialisation/seesaw.py")["change"]
    assert change["signal"] < 0.01
    assert change["gradient_of_the_signal"] > 100
    assert 0.3 < change["gradient_of_the_weights"] < 3


def test_only_sigmoid_has_the_vanishing_gradient_of_the_textbooks(values: Values) -> None:
    run = values("initialisation/by_layer.py")
    assert run["change"]["sigmoid, Xavier"] < 1e-4
    assert 0.15 < run["per_layer"] < 0.3
    for case in ("tanh, default", "ReLU, default"):
        assert 0.3 < run["change"][case] < 3


def test_default_biases_leave_the_smallest_gradients_to_the_first_layers(values: Values) -> None:
    run = values("initialisation/by_layer.py")
    assert run["change"]["ReLU, default biases"] < 0.1
    assert max(run["size"]["ReLU, default biases"]) < 1e-3


@pytest.mark.identity
def test_sigmoid_is_a_quarter_steep_at_most_and_flat_where_it_is_saturated(values: Values) -> None:
    run = values("initialisation/sigmoid_slope.py")
    assert run["steepest"] == pytest.approx(0.25)
    assert 0 < run["flat"] < run["LIMIT"]


def test_gradients_of_saturated_tanh_explode(values: Values) -> None:
    run = values("initialisation/by_layer.py")
    assert run["direction"] == "larger" and run["change"]["tanh, std 1"] > 100


def test_a_path_keeps_the_signal_and_kaiming_with_it_explodes(values: Values) -> None:
    run = values("initialisation/residual.py")
    for field in (run["last"], run["gradient"]):
        assert field["default, no path"] < 1e-15
        assert field["default, s = 1"] > 1
        assert field["Kaiming, s = 1"] > 1e6
        assert 1 < field["Kaiming, s = 1/√50"] < 2.5
    assert run["magnitude"] == pytest.approx(25 * math.log10(2), abs=0.5)
    assert run["digits"] == 8


def test_tanh_dies_out_or_saturates(values: Values) -> None:
    run = values("initialisation/saturation.py")
    assert run["spread"]["0.03"] < 1e-4
    assert 0.1 < run["spread"]["0.125"] < 0.5 and run["saturated"]["0.125"] < 0.01
    assert run["spread"]["0.21"] > 0.8 * run["second"]["0.21"]
    assert run["spread"]["0.125"] < 0.7 * run["second"]["0.125"]
    assert run["saturated"]["1.0"] > 0.6


@pytest.mark.identity
def test_gains_are_exact_for_the_relu_family_alone(values: Values) -> None:
    run = values("initialisation/gains.py")
    recommended, keeping = run["recommended"], run["keeping"]
    for name in ("linear", "relu", "leaky_relu"):
        assert recommended[name] == pytest.approx(keeping[name], rel=1e-3)
    assert recommended["tanh"] > 1.02 * keeping["tanh"]
    assert recommended["sigmoid"] < 0.6 * keeping["sigmoid"]
    assert recommended["selu"] < 0.8 * keeping["selu"]


@pytest.mark.identity
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
    assert values("initialisation/symmetry.py")["accuracy"]["zeros"] < 0.15


def test_dropout_breaks_the_symmetry(values: Values) -> None:
    run = values("initialisation/symmetry.py")
    assert run["rank"]["dropout"] > 8 and run["accuracy"]["dropout"] > 0.8


def test_zeros_harm_in_the_first_layer_but_not_in_biases_or_the_last(values: Values) -> None:
    run = values("initialisation/zeros.py")
    for name in ("nothing", "both biases", "last layer", "weights of the first layer"):
        assert run["accuracy"][name] > 0.85
    for name in ("first layer", "everything"):
        assert run["accuracy"][name] < 0.2 and run["rank"][name] == 0
    assert 1 < run["rank"]["weights of the first layer"] < 32


def inside(rates: list[float], chosen: float) -> bool:
    return min(rates) < chosen < max(rates)


@pytest.mark.parametrize("method", ["SGD", "Adam"])
@pytest.mark.parametrize("pair", ["Xavier against default", "Kaiming against default"])
def test_two_layers_deep_the_default_arrives_where_the_others_do(
    values: Values, method: str, pair: str
) -> None:
    told = values("initialisation/shallow.py")["paired"][f"{pair}, {method}, 20 epochs"]
    assert told["verdict"] == "no difference that matters"


def test_two_layers_deep_the_default_starts_more_slowly_with_sgd(values: Values) -> None:
    run = values("initialisation/shallow.py")
    for start in ("Xavier", "Kaiming"):
        early = run["paired"][f"{start} against default, SGD, 4 epochs"]
        late = run["paired"][f"{start} against default, SGD, 20 epochs"]
        assert early["mean"] > 0.003 and early["mean"] > 2 * late["mean"]


@pytest.mark.parametrize("method", ["SGD", "Adam"])
def test_two_layers_deep_xavier_and_kaiming_tie(values: Values, method: str) -> None:
    told = values("initialisation/shallow.py")["paired"][
        f"Xavier against Kaiming, {method}, 20 epochs"
    ]
    assert told["verdict"] == "no difference that matters"


@pytest.mark.parametrize("method", ["SGD", "Adam"])
def test_two_layers_deep_each_rate_is_chosen_inside_its_grid(values: Values, method: str) -> None:
    run = values("initialisation/shallow.py")
    chosen = [
        rate
        for budget, rates in run["chosen"].items()
        if budget.startswith(method)
        for rate in rates.values()
    ]
    assert len(chosen) == 6
    assert all(inside(run["RATES"][method], rate) for rate in chosen)


@pytest.mark.parametrize(
    "name", [f"{method}, {start}" for method in ("SGD", "Adam") for start in ("Xavier", "Kaiming")]
)
def test_ten_layers_deep_each_rate_is_chosen_inside_its_grid(values: Values, name: str) -> None:
    run = values("initialisation/deep.py")
    method, start = name.split(", ")
    for epoch in ("5", "10", "15"):
        assert inside(run["RATES"][method][start], run["chosen"][name][epoch])


@pytest.mark.parametrize(("name", "start"), [("Adam, one", "std 1"), ("Adam, default", "default")])
def test_ten_layers_deep_poor_starts_too_have_rates_inside_their_grids(
    values: Values, name: str, start: str
) -> None:
    run = values("initialisation/deep.py")
    rates = run["RATES"][name.split(", ", maxsplit=1)[0]][start]
    assert all(inside(rates, run["chosen"][name][epoch]) for epoch in ("5", "10", "15"))


def test_ten_layers_deep_sgd_learns_from_xavier_and_kaiming_alone(values: Values) -> None:
    accuracy = values("initialisation/deep.py")["accuracy"]
    for epoch in ("5", "15"):
        assert all(accuracy[f"SGD, {start}"][epoch] < 0.15 for start in ("small", "default"))
    assert accuracy["SGD, one"]["15"] < 0.4
    assert accuracy["SGD, Xavier"]["15"] > 0.75 and accuracy["SGD, Kaiming"]["15"] > 0.85


@pytest.mark.parametrize("seed", range(5))
def test_ten_default_layers_make_images_alike_and_leave_the_first_layers_no_gradient(
    seed: int,
) -> None:
    digits = load_digits()
    pixels = torch.tensor(digits.data, dtype=torch.float32)
    images, labels = (pixels - pixels.mean()) / pixels.std(), torch.tensor(digits.target)
    spread, first = {}, {}
    for start in ("default", "Kaiming"):
        torch.manual_seed(seed)
        layers = [nn.Linear(*pair) for pair in pairwise([64] + [32] * 10 + [10])]
        if start == "Kaiming":
            for layer in layers:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        signal = images
        for layer in layers[:-1]:
            signal = layer(signal).relu()
        nn.functional.cross_entropy(layers[-1](signal), labels).backward()
        spread[start] = (signal.std(0).square().mean() / signal.square().mean()).sqrt().item()
        first[start] = layers[0].weight.grad.norm().item()
    assert spread["default"] < 0.05
    assert spread["Kaiming"] > 0.2
    assert first["default"] < first["Kaiming"] / 100


def test_ten_layers_deep_kaiming_is_faster_than_xavier_with_sgd_and_not_much_better(
    values: Values,
) -> None:
    paired = values("initialisation/deep.py")["paired"]
    early = paired["Kaiming against Xavier, SGD, 5 epochs"]
    late = paired["Kaiming against Xavier, SGD, 15 epochs"]
    assert early["verdict"] == late["verdict"] == "Kaiming better" and early["mean"] > 0.1
    assert abs(late["mean"]) < 0.5 * early["mean"]


def test_ten_layers_deep_adam_makes_up_for_xavier(values: Values) -> None:
    paired = values("initialisation/deep.py")["paired"]
    late = paired["Kaiming against Xavier, Adam, 15 epochs"]
    assert late["verdict"] == "no difference that matters"


def test_ten_layers_deep_xavier_scatters_widely_over_splits(values: Values) -> None:
    run = values("initialisation/deep.py")
    assert run["most"]["SGD, Xavier"]["5"] - run["least"]["SGD, Xavier"]["5"] > 0.15


def test_ten_layers_deep_adam_mends_a_part(values: Values) -> None:
    run = values("initialisation/deep.py")
    accuracy, paired = run["accuracy"], run["paired"]
    for epoch in ("5", "15"):
        assert accuracy["Adam, small"][epoch] < 0.15
        assert paired[f"Kaiming against default, Adam, {epoch} epochs"]["verdict"] == (
            "Kaiming better"
        )
    assert paired["Kaiming against default, Adam, 5 epochs"]["mean"] > 0.2
    assert accuracy["Adam, default"]["15"] > 0.6
    assert 0.15 < accuracy["Adam, one"]["15"] < accuracy["Adam, default"]["15"] - 0.1


def test_ten_layers_deep_the_article_start_ends_in_nan_with_sgd(values: Values) -> None:
    run = values("initialisation/deep.py")
    assert run["broken"]["SGD"] == run["tried"]["SGD"] == run["SPLITS"]
    assert run["broken"]["Adam"] == 0


NORMALISED = [(kind, start) for kind in ("BatchNorm", "LayerNorm") for start in ("one", "default")]


@pytest.mark.parametrize(("kind", "start"), [*NORMALISED, ("residual", "default")])
def test_ten_layers_deep_each_remedy_learns_where_plain_layers_do_not(
    values: Values, kind: str, start: str
) -> None:
    run = values("initialisation/normalised.py")
    floor = {"BatchNorm": 0.5, "LayerNorm": 0.25, "residual": 0.8}[kind]
    floor = max(floor, 0.5) if start == "default" else floor
    assert run["accuracy"][f"{kind}, {start}"] > floor


def test_batch_normalisation_leaves_no_difference_between_default_and_kaiming(
    values: Values,
) -> None:
    paired = values("initialisation/normalised.py")["paired"]
    for kind in ("BatchNorm", "residual"):
        told = paired[f"Kaiming against default, {kind}"]["verdict"]
        assert told == "no difference that matters"


def test_batch_normalisation_leaves_weights_that_are_too_large_far_slower(values: Values) -> None:
    accuracy = values("initialisation/normalised.py")["accuracy"]
    assert accuracy["BatchNorm, one"] < accuracy["BatchNorm, default"] - 0.1


@pytest.mark.identity
def test_ten_times_larger_weights_before_batch_normalisation_get_a_tenth_of_the_gradient() -> None:
    generator = torch.Generator().manual_seed(0)
    signal = torch.randn(200, 64, generator=generator, dtype=torch.float64)
    target = torch.randn(200, 32, generator=generator, dtype=torch.float64)
    drawn = torch.randn(32, 64, generator=generator, dtype=torch.float64)
    outputs, gradients = [], []
    for scale in (1, 10):
        weight = (scale * drawn).requires_grad_()
        output = nn.functional.batch_norm(signal @ weight.T, None, None, training=True)
        (output.relu() * target).mean().backward()
        outputs.append(output.detach())
        gradients.append(weight.grad)
    torch.testing.assert_close(outputs[0], outputs[1], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(gradients[0], 10 * gradients[1], atol=1e-6, rtol=1e-3)


def test_batch_normalisation_allows_a_larger_rate(values: Values) -> None:
    plain = values("initialisation/deep.py")["chosen"]["SGD, Kaiming"]["5"]
    assert values("initialisation/normalised.py")["EPOCHS"] == 5
    assert values("initialisation/normalised.py")["chosen"]["BatchNorm, Kaiming"] > plain


def test_layer_normalisation_is_slower_here_than_batch_normalisation(values: Values) -> None:
    accuracy = values("initialisation/normalised.py")["accuracy"]
    assert accuracy["LayerNorm, default"] < accuracy["BatchNorm, default"] - 0.03


def test_a_path_does_not_tame_weights_that_are_too_large(values: Values) -> None:
    accuracy = values("initialisation/normalised.py")["accuracy"]
    assert accuracy["residual, one"] < accuracy["residual, default"] - 0.3


def test_normalised_networks_have_their_rates_inside_the_grids(values: Values) -> None:
    run = values("initialisation/normalised.py")
    for name, rate in run["chosen"].items():
        assert inside(run["RATES"][name.split(", ")[0]], rate), name


@pytest.mark.identity
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
