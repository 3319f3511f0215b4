"""What chapter 1 claims, asserted on the values that the site's own runs left."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

Values = Callable[[str], dict[str, Any]]


def test_mean_of_single_gradients_comes_back_to_the_full_gradient(values: Values) -> None:
    run = values("sgd/sampled_gradients.py")
    assert run["spread"] > 1
    assert run["first"] == pytest.approx(run["spread"], rel=0.25)
    assert run["last"] == pytest.approx(run["spread"] / math.sqrt(run["draws"]), rel=0.25)


def test_some_single_examples_point_uphill(values: Values) -> None:
    assert 0.15 < values("sgd/sampled_gradients.py")["uphill"] < 0.4


def test_copies_leave_the_gradient_and_the_steps_of_descent_unchanged(values: Values) -> None:
    run = values("sgd/ten_copies.py")
    assert run["gap"] < 1e-10
    assert run["steps"]["S"] == run["steps"]["10xS"]


def test_descent_pays_exactly_ten_times_for_ten_copies(values: Values) -> None:
    run = values("sgd/ten_copies.py")
    assert run["ratio"] == 10
    assert run["price"]["S"] == run["n"] * run["steps"]["S"]


def test_sgd_pays_for_ten_copies_what_it_paid_for_one(values: Values) -> None:
    run = values("sgd/ten_copies.py")
    error = math.hypot(*run["spread"].values()) / math.sqrt(run["runs"])
    assert abs(run["cost"]["S"] - run["cost"]["10xS"]) < 3 * error
    assert max(run["cost"].values()) < run["price"]["S"] / 50


def test_same_examples_give_bit_identical_weights(values: Values) -> None:
    assert values("sgd/ten_copies.py")["twin"] is True


def test_sgd_arrives_before_descent_has_seen_the_data_once(values: Values) -> None:
    assert values("sgd/ten_copies.py")["share"] < 0.4


def test_sum_over_ten_copies_is_ten_times_the_rate(values: Values) -> None:
    run = values("sgd/summed_loss.py")
    assert run["same"] < 1e-10
    assert run["raised"] < 1e-10


def test_sum_diverges_beyond_the_computed_number_of_copies(values: Values) -> None:
    run = values("sgd/summed_loss.py")
    assert 5 < run["limit"] < 6
    assert run["final"]["5"] < 0.6
    assert run["final"]["6"] > 100


def test_epoch_on_ten_copies_is_ten_times_as_long(values: Values) -> None:
    run = values("sgd/epoch.py")
    assert run["visits"] == {"1": 1, "10": 10}
    assert run["steps"]["10"] == math.ceil(10 * run["n"] / run["batch"])


def test_share_of_the_data_seen_follows_theory(values: Values) -> None:
    run = values("sgd/distinct.py")
    for name, share in run["seen"].items():
        assert share == pytest.approx(run["theory"][name], abs=0.01)
    assert run["seen"]["shuffled S"] == 1


def test_twenty_runs_cannot_tell_the_ways_of_drawing_apart(values: Values) -> None:
    run = values("sgd/order.py")
    few = str(run["few"])
    assert run["difference"][few] < 2.5 * run["error"][few]


def test_way_of_drawing_matters_less_than_the_seed_in_one_epoch(values: Values) -> None:
    run = values("sgd/order.py")
    assert run["difference"][str(run["runs"])] < min(run["spread"].values()) / 2


@pytest.mark.parametrize("name", ["digits", "cancer"])
def test_sgd_leads_early_and_lbfgs_overtakes(values: Values, name: str) -> None:
    run = values("sgd/early_race.py")
    assert run["match"][name] >= 5
    assert run["match"][name] < run["overtaken"][name] < run["passes"]
    assert run["last"][name]["L-BFGS"] < 0.99 * run["last"][name]["SGD"]


@pytest.mark.parametrize("name", ["digits", "cancer"])
def test_the_tuned_rate_of_the_race_is_not_at_the_edge(values: Values, name: str) -> None:
    run = values("sgd/early_race.py")
    assert min(run["rates"]) < run["best"][name] < max(run["rates"])


def test_rates_too_small_or_too_large_lose_the_race(values: Values) -> None:
    final = values("sgd/race_rate.py")["final"]
    good = final["0.1"]
    assert final["0.0003"] > 1.5 * good
    assert final["1.0"] > math.log(2)
    assert good < 0.22


def test_cloud_contracts_and_turns_downhill(values: Values) -> None:
    run = values("sgd/gradient_cloud.py")
    radii = [run["radius"][str(size)] for size in run["sizes"]]
    assert all(large > small for large, small in pairwise(radii))
    assert radii[-1] < 1e-10
    assert radii[0] / radii[2] == pytest.approx(2, rel=0.2)
    assert run["wrong"]["1"] > 0.15
    assert run["wrong"]["16"] < 0.02


def test_noise_falls_as_the_root_of_the_batch_size(values: Values) -> None:
    assert values("sgd/gradient_noise.py")["slope"] == pytest.approx(-0.5, abs=0.02)


def test_drawing_without_replacement_follows_the_corrected_formula(values: Values) -> None:
    run = values("sgd/gradient_noise.py")
    for size in ("64", "256", "1024"):
        assert run["distinct"][size] == pytest.approx(run["theory"][size], rel=0.08)
    assert run["distinct"]["1024"] < 0.75 * run["replaced"]["1024"]
    assert run["distinct"]["8"] == pytest.approx(run["replaced"]["8"], rel=0.1)


def test_small_batches_scale_perfectly(values: Values) -> None:
    run = values("sgd/batch_size.py")
    assert run["updates"]["1"] / run["updates"]["8"] > 5
    assert run["samples"]["8"] < 1.5 * run["samples"]["1"]


def test_large_batches_bring_diminishing_returns(values: Values) -> None:
    run = values("sgd/batch_size.py")
    full = str(run["n"])
    assert run["updates"]["32"] / run["updates"][full] < 3
    assert run["samples"][full] > 20 * run["samples"]["32"]


def test_no_rate_is_chosen_at_the_edge_of_its_neighbourhood(values: Values) -> None:
    run = values("sgd/batch_size.py")
    assert run["best"] == run["tuned"]


def test_best_rate_grows_with_the_batch(values: Values) -> None:
    run = values("sgd/batch_size.py")
    assert run["best"][str(run["n"])] >= 10 * run["best"]["1"]


def test_excess_risk_of_a_constant_rate_is_proportional_to_it(values: Values) -> None:
    run = values("sgd/noise_ball.py")
    for ratio in run["halving"].values():
        assert 1.6 < ratio < 2.8


def test_theory_of_the_plateau_holds_for_small_rates(values: Values) -> None:
    run = values("sgd/noise_ball.py")
    assert run["above"]["0.04"] > 0.15 > abs(run["above"]["0.01"])


def test_the_smallest_rate_has_not_quite_come_to_rest(values: Values) -> None:
    run = values("sgd/noise_ball.py")
    rested = run["ball"]["0.005"] - run["left"]["0.005"]
    assert rested == pytest.approx(run["theory"]["0.005"], rel=0.1)
    assert run["left"]["0.005"] > 2 * run["left"]["0.01"]


def test_decaying_step_ends_below_every_constant_one(values: Values) -> None:
    ball = values("sgd/noise_ball.py")["ball"]
    assert ball["decaying"] < 0.6 * min(ball[rate] for rate in ball if rate != "decaying")


def test_step_size_trades_speed_against_precision(values: Values) -> None:
    away = values("sgd/step_size.py")["away"]
    assert away["0.3"] > 3 * away["0.01"]
    assert away["0.002"] > 3 * away["0.01"]


def test_shuffling_leaves_the_smaller_ball_after_many_epochs(values: Values) -> None:
    run = values("sgd/reshuffling.py")
    gap = run["ball"]["with replacement"] - run["ball"]["shuffled"]
    assert gap > 2 * max(run["spread"].values())
