"""What chapter 1 claims, asserted on the values that the site's own runs left."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
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


@pytest.mark.identity
def test_copies_leave_the_gradient_and_the_steps_of_descent_unchanged(values: Values) -> None:
    run = values("sgd/ten_copies.py")
    assert run["gap"] < 1e-10
    assert run["steps"]["S"] == run["steps"]["10xS"]


@pytest.mark.identity
def test_descent_pays_exactly_ten_times_for_ten_copies(values: Values) -> None:
    run = values("sgd/ten_copies.py")
    assert run["ratio"] == 10
    assert run["price"]["S"] == run["n"] * run["steps"]["S"]


@pytest.mark.identity
def test_same_examples_give_bit_identical_weights(values: Values) -> None:
    assert values("sgd/ten_copies.py")["twin"] is True


@pytest.mark.identity
def test_sum_over_ten_copies_is_ten_times_the_rate(values: Values) -> None:
    run = values("sgd/summed_loss.py")
    assert run["same"] < 1e-10
    assert run["raised"] < 1e-10


@pytest.mark.identity
def test_sum_diverges_beyond_the_computed_number_of_copies(values: Values) -> None:
    run = values("sgd/summed_loss.py")
    assert 5 < run["limit"] < 6
    assert run["final"]["5"] < 0.6
    assert run["final"]["6"] > 100


@pytest.mark.identity
def test_epoch_on_ten_copies_is_ten_times_as_long(values: Values) -> None:
    run = values("sgd/epoch.py")
    assert run["visits"] == {"1": 1, "10": 10}
    assert run["steps"]["10"] == math.ceil(10 * run["n"] / run["batch"])


def test_share_of_the_data_seen_follows_theory(values: Values) -> None:
    run = values("sgd/distinct.py")
    for name, share in run["seen"].items():
        assert share == pytest.approx(run["theory"][name], abs=0.01)
    assert run["seen"]["shuffled S"] == 1


@pytest.mark.parametrize("name", ["digits", "cancer"])
def test_sgd_leads_early_and_lbfgs_overtakes(values: Values, name: str) -> None:
    run = values("sgd/early_race.py")
    assert run["match"][name] >= 5  # "several passes"
    assert run["match"][name] < run["overtaken"][name] < run["passes"]
    assert run["last"][name]["L-BFGS"] < 0.99 * run["last"][name]["SGD"]


@pytest.mark.parametrize("name", ["digits", "cancer"])
def test_the_tuned_rate_of_the_race_is_not_at_the_edge(values: Values, name: str) -> None:
    run = values("sgd/early_race.py")
    assert min(run["rates"]) < run["best"][name] < max(run["rates"])


@pytest.mark.parametrize("name", ["digits", "cancer"])
def test_lbfgs_is_far_stronger_than_tuned_gradient_descent(values: Values, name: str) -> None:
    run = values("sgd/early_race.py")
    assert run["last"][name]["GD"] > 1.5 * run["last"][name]["L-BFGS"]
    assert min(run["steep"]) < run["plainly"][name] < max(run["steep"])


def test_rates_too_small_or_too_large_lose_the_race(values: Values) -> None:
    final = values("sgd/race_rate.py")["final"]
    good = final["0.1"]
    assert final["0.0003"] > 1.5 * good
    assert final["0.001"] > 1.3 * good  # "here it is too small", of the default
    assert final["1.0"] > 1.5 * good
    assert good < 0.22


def test_cloud_contracts_and_turns_downhill(values: Values) -> None:
    run = values("sgd/gradient_cloud.py")
    radii = [run["radius"][str(size)] for size in run["sizes"]]
    assert all(large > small for large, small in pairwise(radii))
    assert radii[-1] < 1e-10
    assert radii[0] / radii[1] == pytest.approx(2, rel=0.2)
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


def test_step_size_trades_speed_against_precision(values: Values) -> None:
    away = values("sgd/step_size.py")["away"]
    assert away["0.3"] > 3 * away["0.01"]
    assert away["0.002"] > 3 * away["0.01"]


def test_the_distance_from_the_minimum_goes_as_the_root_of_the_rate(values: Values) -> None:
    away = values("sgd/step_size.py")["away"]
    assert away["0.1"] / away["0.05"] == pytest.approx(2**0.5, rel=0.15)  # far from half


@pytest.mark.identity
def test_in_one_valley_a_small_rate_creeps_and_a_large_one_flies_out(values: Values) -> None:
    end = values("sgd/one_valley.py")["end"]
    assert end["too small"] < -0.5  # less than half the way
    assert abs(end["right"]) < 0.05
    assert end["too large"] > 2 * abs(values("sgd/one_valley.py")["start"])


def test_the_rate_of_the_loop_is_half_the_best_of_the_grid(values: Values) -> None:
    run = values("sgd/rate_grid.py")
    assert run["inside"] is True
    assert run["best"] == 1.0
    assert run["validated"]["3.0"] > 2, "the next larger one no longer learns"
    loop = Path(__file__).parents[2] / "snippets" / "sgd" / "loop.py"
    assert f"lr={run['best'] / 2}" in loop.read_text()


@pytest.mark.identity
def test_sixteen_examples_leave_a_quarter_of_the_error_of_one(values: Values) -> None:
    run = values("sgd/sampled_gradients.py")
    assert run["sixteen"] == pytest.approx(run["spread"] / 4)


def test_all_sixteen_or_one_come_down_the_same_valley(values: Values) -> None:
    run = values("sgd/downhill.py")
    covered = run["covered"]
    assert min(covered.values()) > 0.8
    assert run["worst"]["16"] > 0.9 > run["worst"]["1"] + 0.1
    assert covered["1"] < covered["16"] < covered[str(run["n"])] + 0.005  # noise does not help
    assert run["price"][str(run["n"])] == run["n"] * run["price"]["1"]


def test_the_loop_to_copy_learns_the_digits(values: Values) -> None:
    run = values("sgd/loop.py")
    assert run["score"] > 0.9
    assert run["updates"] == run["epochs"] * math.ceil(1397 / 32)
    assert run["minibatches"] == math.ceil(1397 / 32)


def test_by_hand_and_by_torch_find_the_weights_that_made_the_data(values: Values) -> None:
    run = values("sgd/by_hand.py")
    assert run["apart"] < 1e-12
    assert run["off"] < 0.05


def test_sgd_pays_no_more_for_ten_copies(values: Values) -> None:
    run = values("sgd/ten_copies.py")
    pair = run["paired"]["10xS against S"]
    assert -pair["matters"] < pair["low"] < pair["high"] < pair["matters"]
    assert pair["matters"] < 0.1 * run["cost"]["S"]
    assert pair["verdict"] == "no difference that matters"
    assert max(run["cost"].values()) < run["price"]["S"] / 50


def test_sgd_arrives_before_descent_has_seen_the_data_once(values: Values) -> None:
    assert 0.1 < values("sgd/ten_copies.py")["share"] < 0.4


def test_in_one_epoch_the_way_of_drawing_makes_no_difference_that_matters(values: Values) -> None:
    run = values("sgd/order.py")
    for pair in run["paired"].values():
        assert -pair["matters"] < pair["low"] < pair["high"] < pair["matters"]
        assert pair["verdict"] == "no difference that matters"
    assert run["matters"] < min(run["spread"].values())


def test_the_noise_scale_grows_as_the_loss_falls(values: Values) -> None:
    scale = values("sgd/gradient_noise.py")["scale"]
    assert scale["2.0"] < scale["1.0"] < scale["0.3"]
    assert 16 < scale["2.0"] < 200  # the order of the bend near 32
    assert scale["0.3"] > 300


def test_small_batches_scale_perfectly(values: Values) -> None:
    run = values("sgd/batch_size.py")
    assert run["updates"]["1"] / run["updates"]["8"] > 5.5
    assert run["samples"]["8"] < 1.45 * run["samples"]["1"]


def test_middling_batches_bring_diminishing_returns(values: Values) -> None:
    run = values("sgd/batch_size.py")
    assert 2 < run["updates"]["8"] / run["updates"]["128"] < 8


def test_from_128_to_all_hardly_an_update_is_saved(values: Values) -> None:
    run = values("sgd/batch_size.py")
    sizes = ("128", "512", str(run["n"]))
    for small, large in combinations(sizes, 2):
        assert run["updates"][large] > 0.9 * run["updates"][small]
        grown = run["samples"][large] / run["samples"][small]
        assert grown == pytest.approx(int(large) / int(small), rel=0.15)
    assert run["dearer"] > 20


def test_linear_scaling_holds_for_small_batches_and_fails_for_large(values: Values) -> None:
    run = values("sgd/batch_size.py")
    assert all(run["worse"][size] < 0.25 for size in ("2", "4", "8", "16"))
    assert run["worse"]["64"] > 0.4
    assert math.isinf(run["scaled"]["512"])
    assert 16 < run["fails"] <= 128
    assert all(math.isinf(run["scaled"][str(n)]) for n in run["sizes"] if n >= run["fails"])
    assert run["beyond"] > 4  # far above the best rate at 512


@pytest.mark.parametrize("size", ["1", "2", "4", "8", "16", "32", "64", "128", "512", "1797"])
def test_no_batch_chose_its_rate_at_the_edge_of_the_grid(values: Values, size: str) -> None:
    assert values("sgd/batch_size.py")["inside"][size] is True


def test_one_step_on_many_is_far_faster_than_many_steps_on_one(values: Values) -> None:
    run = values("sgd/vectorised.py")
    assert run["ratio"] > 8
    assert run["answer"] == "8 times"


@pytest.mark.identity
def test_half_the_rate_is_about_half_the_excess(values: Values) -> None:
    plateau = values("sgd/noise_ball.py")["plateau"]
    for large, small in pairwise(("0.04", "0.02", "0.01", "0.005")):
        assert 1.9 < plateau[large] / plateau[small] < 2.5


@pytest.mark.identity
def test_the_formula_of_the_noise_ball_is_for_small_rates(values: Values) -> None:
    above = values("sgd/noise_ball.py")["above"]
    assert above["0.04"] > 0.3
    assert 0 < above["0.005"] < 0.05


@pytest.mark.parametrize("rate", ["0.04", "0.02", "0.01", "0.005"])
def test_runs_end_where_the_exact_recursion_says(values: Values, rate: str) -> None:
    run = values("sgd/noise_ball.py")
    assert run["ball"][rate] == pytest.approx(run["expected"][rate], rel=0.12)


@pytest.mark.identity
def test_the_smallest_rate_has_not_quite_come_to_rest(values: Values) -> None:
    run = values("sgd/noise_ball.py")
    assert run["waiting"]["0.005"] > run["above"]["0.005"] + 0.04


def test_a_decaying_rate_ends_below_every_constant_one(values: Values) -> None:
    ball = values("sgd/noise_ball.py")["ball"]
    assert ball["decaying"] < 0.6 * min(ball[rate] for rate in ball if rate != "decaying")


def test_noise_stays_unless_the_model_fits_every_example_or_is_corrected(values: Values) -> None:
    run = values("sgd/interpolation.py")
    level, smallest = run["level"], run["smallest"]
    assert 0.1 > level["1000 images"] > 0.01 > 1000 * level["50 images"]
    assert level["50 images"] < 1e-5 and level["1000 images, corrected"] < 1e-5
    assert smallest["50 images"] < 1e-12 and smallest["1000 images"] > 0.1
    assert run["ending"]["50 images"] == "arrives"
    assert run["ending"]["1000 images"] == "keeps wandering"


def test_shuffling_leaves_the_smaller_ball_after_many_epochs(values: Values) -> None:
    run = values("sgd/reshuffling.py")
    pair = run["paired"]["shuffled against with replacement"]
    assert pair["high"] < -run["matters"]
    assert pair["verdict"] == "shuffled better"


def test_a_sorted_order_stays_far_above_and_that_of_the_file_does_not(values: Values) -> None:
    run = values("sgd/reshuffling.py")
    assert run["as_sorted"] > 4 * run["ball"]["with replacement"]
    assert run["as_filed"] < 1.05 * run["ball"]["shuffled"]


@pytest.mark.parametrize("name", ["step decay", "exponential", "cosine", "one-cycle"])
def test_a_schedule_that_ends_low_beats_a_constant_rate(values: Values, name: str) -> None:
    run = values("sgd/schedules.py")
    pair = run["paired"][f"{name} against constant"]
    assert pair["high"] < 0 and pair["mean"] < -run["matters"]
    assert pair["verdict"] == f"{name} better"


def test_schedules_that_end_low_differ_less_than_they_gain(
    values: Values,
) -> None:
    level = values("sgd/schedules.py")["level"]
    low = [level[name] for name in ("step decay", "exponential", "cosine", "one-cycle")]
    assert max(low) - min(low) < level["constant"] - max(low)


def test_warm_up_alone_makes_no_difference_that_matters(values: Values) -> None:
    pair = values("sgd/schedules.py")["paired"]["warm-up against constant"]
    assert -pair["matters"] < pair["low"] < pair["high"] < pair["matters"]
    assert pair["verdict"] == "no difference that matters"


@pytest.mark.parametrize(
    "name", ["constant", "step decay", "exponential", "cosine", "one-cycle", "warm-up"]
)
def test_no_schedule_chose_its_rate_at_the_edge_of_the_grid(values: Values, name: str) -> None:
    assert values("sgd/schedules.py")["inside"][name] is True


def test_clipping_costs_nothing_on_clean_data(values: Values) -> None:
    pair = values("sgd/clipping.py")["paired"]["clipped against plain, clean targets"]
    assert -pair["matters"] < pair["low"] <= pair["high"] < pair["matters"]
    assert pair["verdict"] == "no difference that matters"


def test_clipping_saves_training_from_a_few_slips(values: Values) -> None:
    run = values("sgd/clipping.py")
    pair = run["paired"]["clipped against plain, five slips"]
    assert pair["high"] < -2 * pair["matters"]
    assert pair["verdict"] == "clipped better"
    clean, slips = run["level"]["clean targets"], run["level"]["five slips"]
    assert slips["clipped"] < clean["plain"] + 0.25 * (slips["plain"] - clean["plain"])


def test_with_slips_a_limit_up_to_the_usual_length_saves_and_a_higher_one_does_not(
    values: Values,
) -> None:
    run = values("sgd/clipping.py")
    best = {float(limit): loss for limit, loss in run["best"]["five slips"].items()}
    matters = run["matters"]
    low = [best[limit] for limit in (0.0625, 0.25, 1.0)]
    assert max(low) - min(low) < matters
    assert best[4.0] > max(low) + matters
    assert 0.5 < run["usual"]["five slips"] < 2
    assert run["own"]["five slips"]["0.0625"] > 5 * run["own"]["five slips"]["1.0"]
    assert run["usual"]["five slips"] > 10 * 0.0625  # "down to a tenth of it"


def test_without_slips_no_limit_makes_a_difference(values: Values) -> None:
    run = values("sgd/clipping.py")
    reached = run["best"]["clean targets"].values()
    assert max(reached) - min(reached) < run["matters"]


@pytest.mark.parametrize("data", ["clean targets", "five slips"])
def test_clipping_chose_no_rate_at_the_edge_of_the_grid(values: Values, data: str) -> None:
    run = values("sgd/clipping.py")
    assert run["inside"][data] is True
    told = [run["own"][data][str(limit)] for limit in run["limits"][1:]]
    assert min(run["rates"]) < min(told) <= max(told) < max(run["rates"])


def test_the_race_of_the_home_page_chose_no_rate_at_the_edge(values: Values) -> None:
    run = values("home/race.py")
    for rate in run["rates"].values():
        assert min(run["RATES"]) < rate < max(run["RATES"])


def test_the_race_of_the_home_page_ends_in_two_valleys_of_equal_depth(values: Values) -> None:
    run = values("home/race.py")
    assert run["valleys"]["SGD"] == run["valleys"]["momentum"] == "lower left"
    assert run["valleys"]["RMSprop"] == run["valleys"]["Adam"] == "upper right"
    ends = [losses[-1] for losses in run["losses"].values()]
    assert max(ends) - min(ends) < 0.02
