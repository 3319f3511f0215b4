"""What the chapter on optimizers claims, asserted on the values that the site's runs left."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch

Values = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("name", ["Adam", "SGD", "RMSprop"])
def test_every_parameter_is_described(values: Values, name: str) -> None:
    parameters = inspect.signature(getattr(torch.optim, name)).parameters
    assert values(f"optimizers/{name.lower()}_signature.py")["count"] == len(parameters)


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adam"])
def test_optimizers_by_hand_equal_torch(values: Values, name: str) -> None:
    assert values(f"optimizers/{name}_by_hand.py")["largest"] <= 1e-10


def test_best_rate_of_descent_is_where_both_directions_meet(values: Values) -> None:
    run = values("optimizers/rate_path.py")
    distance = run["distance"]
    assert min(distance, key=distance.get) == str(run["best_rate"])
    assert distance["0.081"] > distance["0.079"]


def test_momentum_helps_up_to_a_point(values: Values) -> None:
    run = values("optimizers/momentum_path.py")
    distance = run["distance"]
    assert 0.4 <= run["best"] <= 0.8
    assert distance["0.0"] > 1000 * distance[str(run["best"])]
    assert distance["1.0"] > distance["0.0"]
    lowest = [run["lowest"][f"{rate}"] for rate in run["RATES"]]
    assert lowest == sorted(lowest, reverse=True) and lowest[0] > lowest[-1] == run["best"]


def test_momentum_speeds_up_the_flat_direction_until_it_overshoots(values: Values) -> None:
    run = values("optimizers/momentum_path.py")
    flat, beyond = run["flat"], run["beyond"]
    rising = [distance for momentum, distance in flat.items() if float(momentum) <= run["best"]]
    assert len(rising) >= 3
    assert rising == sorted(rising, reverse=True)
    for momentum, farthest in beyond.items():
        assert farthest > 1 if float(momentum) >= 0.8 else farthest < 0.1
    assert beyond["0.9"] > beyond["0.8"]


def test_at_one_rate_descent_diverges_and_momentum_converges(values: Values) -> None:
    run = values("optimizers/momentum_path.py")
    found = run["distances"][f"{run['RATES'][2]}"]
    assert found["0.0"] > 1000 and found["0.4"] < 0.01


def test_momentum_needs_the_root_of_the_condition_number(values: Values) -> None:
    run = values("optimizers/condition_number.py")
    assert run["kappa"] == pytest.approx(470, rel=0.01)
    assert run["steps_descent"] == pytest.approx(run["theory_descent"], rel=0.03)
    assert run["theory_heavy"] < run["steps_heavy"] < 2 * run["theory_heavy"]
    assert run["farthest"] > 1
    assert run["root"] / 2 < run["ratio"] < run["root"]


def test_momentum_is_stable_up_to_its_edge(values: Values) -> None:
    run = values("optimizers/stability_map.py")
    assert all(list(verdict) == [True, False] for verdict in run["verdicts"].values())
    assert run["plateau"] == pytest.approx(0.9, abs=1e-10)


def test_under_noise_momentum_is_a_larger_rate(values: Values) -> None:
    level = values("optimizers/momentum_noise.py")["level"]
    assert level["momentum"] == pytest.approx(level["tenfold"], rel=0.1)
    assert level["momentum"] > 2.5 * level["plain"]


def test_first_step_of_adam_is_the_rate(values: Values) -> None:
    run = values("optimizers/first_step.py")
    for size in ("one", "huge"):
        assert run[size]["Adam"] == pytest.approx(1, rel=1e-6)
        assert run[size]["RMSprop"] == pytest.approx(10, rel=1e-6)
    assert run["huge"]["SGD"] == pytest.approx(1000, rel=1e-6)
    assert run["tiny"]["SGD"] == pytest.approx(1e-6, rel=1e-6)
    assert run["tiny"]["Adam"] == pytest.approx(1 / 1.01, rel=1e-6)
    assert run["at_eps"] == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("size", [1, 1e-3])
def test_gradients_of_one_sign_and_about_one_size_make_steps_of_about_one_rate(size: float) -> None:
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([weight], lr=1)
    for gradient in (-4, -5, -6) * 100:
        before = weight.item()
        weight.grad = torch.full_like(weight, size * gradient)
        optimizer.step()
        assert 0.8 < weight.item() - before < 1.2


def test_adam_ignores_the_scale_of_the_loss(values: Values) -> None:
    last = values("optimizers/loss_scale.py")["last"]
    trained = [last[scale]["Adam"] for scale in ("1e-05", "0.001", "0.1", "1.0", "1000.0")]
    assert max(trained) < 1.15 * min(trained)
    assert last["1e-09"]["Adam"] > 2
    assert last["1.0"]["SGD"] < 1
    assert last["0.001"]["SGD"] > 2
    assert last["1000.0"]["SGD"] > 2


def test_beta1_averages_noise_away(values: Values) -> None:
    run = values("optimizers/beta1_noise.py")
    for beta, step in run["of_noise"].items():
        assert step == pytest.approx(run["theory"][beta], rel=0.05)
        assert run["of_steady"][beta] == pytest.approx(1, abs=1e-2)


def test_beta2_sets_overshoot_and_memory(values: Values) -> None:
    run = values("optimizers/beta2_memory.py")
    assert run["first"]["0.999"] == pytest.approx(0.1 / 0.001**0.5, rel=1e-6)
    assert run["peak"]["0.999"] == pytest.approx(6.57, abs=0.01)
    assert run["peak"]["0.9"] < 1
    assert run["after"]["0.9"] > 0.99
    assert run["after"]["0.999"] < 0.3


def test_each_optimizer_has_a_rate_of_its_own(values: Values) -> None:
    run = values("optimizers/rate_curves.py")
    curves = run["curves"]
    assert len(set(run["best"].values())) >= 3
    winners = {min(curves, key=lambda name: curves[name][str(rate)]) for rate in run["RATES"]}
    assert {"RMSprop", "momentum", "SGD"} < winners
    assert min(curves, key=lambda name: curves[name][f"{run['RATES'][0]}"]) == "RMSprop"
    assert min(curves, key=lambda name: curves[name]["1.0"]) == "SGD"
    assert run["best"]["SGD"] > 10 * run["best"]["Adam"]
    assert run["at_default"]["SGD"] > 2.2
    assert 0.6 < run["at_default"]["Adam"] < 2
    assert run["at_default"]["RMSprop"] < 0.3


def test_adam_and_adamw_share_a_bowl_down_to_its_bottom(values: Values) -> None:
    curves = values("optimizers/rate_curves.py")["curves"]
    adam, adamw = curves["Adam"], curves["AdamW"]
    bottom = min(adam, key=adam.get)
    assert adamw[bottom] <= 1.1 * min(adamw.values())
    rates = list(adam)
    assert abs(rates.index(bottom) - rates.index(min(adamw, key=adamw.get))) <= 1
    bowl = {rate: loss for rate, loss in adam.items() if loss < 1}
    assert len(bowl) >= 3
    for rate, loss in bowl.items():  # beyond the bottom, few runs that jump decide
        near = 0.1 if float(rate) <= float(bottom) else 0.3
        assert adamw[rate] == pytest.approx(loss, rel=near)


def test_a_loss_that_hardly_moves_can_come_from_too_small_and_from_too_large_a_rate(
    values: Values,
) -> None:
    curves = values("optimizers/rate_curves.py")["curves"]
    assert curves["SGD"]["0.001"] > 2 and curves["Adam"]["1.0"] > 2  # guessing has 2.3
    assert curves["SGD"]["0.1"] < 1.8 and curves["Adam"]["0.1"] < 1


def test_a_frozen_parameter_is_skipped_even_by_decay() -> None:
    body, head = torch.nn.Linear(3, 4), torch.nn.Linear(4, 1)
    body.requires_grad_(False)
    kept = [parameter.clone() for parameter in (*body.parameters(), *head.parameters())]
    optimizer = torch.optim.AdamW([*body.parameters(), *head.parameters()], weight_decay=1.0)
    head(body(torch.ones(2, 3))).square().sum().backward()
    optimizer.step()
    now = [*body.parameters(), *head.parameters()]
    stayed = [torch.equal(old, new) for old, new in zip(kept, now, strict=True)]
    assert stayed == [True, True, False, False]


def test_adam_with_short_memory_goes_uphill(values: Values) -> None:
    run = values("optimizers/forgetful_average.py")
    assert run["adam_end"]["0.1"] > 0.9
    assert run["adam_end"]["0.99"] < -0.9
    assert max(run["amsgrad_end"].values()) < -0.9
    assert run["turning"] == pytest.approx(0.47, abs=0.01)
    for beta, end in run["adam_end"].items():
        if abs(float(beta) - run["turning"]) > 0.05:
            assert (end > 0) == (float(beta) < run["turning"])
    assert run["with_usual_beta1"] < -0.9


@pytest.mark.identity
def test_the_rarer_the_large_gradient_the_longer_the_memory_must_be(values: Values) -> None:
    run = values("optimizers/forgetful_average.py")
    cycle, limit = run["SELDOM"], run["turning_seldom"]
    assert limit > 0.95 > run["turning"]
    for beta2, ends_right in ((0.95, False), (limit - 0.002, False), (limit + 0.002, True)):
        w = square = 0.0
        for t in range(1, 60_001):
            gradient = cycle if t % cycle == 1 else -1
            square = beta2 * square + (1 - beta2) * gradient**2
            w -= 0.5 / t**0.5 * gradient / (square / (1 - beta2**t)) ** 0.5
            w = min(1, max(-1, w))
        assert (w < -0.5) == ends_right


def test_every_optimizer_of_torch_is_listed(values: Values) -> None:
    present = [name for name, kind in vars(torch.optim).items() if inspect.isclass(kind)]
    run = values("optimizers/catalogue.py")
    assert run["count"] == len(present) - 1
    assert list(run["decaying"]) == ["AdamW", "Muon"]


def test_the_whole_program_trains(values: Values) -> None:
    run = values("optimizers/everyday.py")
    assert run["best"] > 0.95
    assert run["final"] > 0.93


@pytest.mark.identity
def test_in_the_narrow_valley_memory_helps_and_a_chosen_coefficient_more(values: Values) -> None:
    run = values("optimizers/three_ways.py")
    steps = run["steps"]["steep"]
    for name in ("momentum", "Adam"):
        assert steps[f"{name}, usual"] < steps["SGD"] / 2
        assert steps[name] < steps[f"{name}, usual"] / 2
        assert run["chosen"]["steep"][name] < run["USUAL"]
        assert run["beyond"][f"{name}, usual"] > 5 * max(run["NEAR"], run["beyond"][name])
    assert steps["Adam"] < steps["momentum"]
    assert abs(steps["Adam, usual"] - steps["momentum, usual"]) < 0.1 * steps["SGD"], "level"
    assert all(run["inside"]["steep"].values())
    gentle = run["gentle"]
    assert gentle["momentum"] < gentle["SGD"] / 2 < gentle["SGD"] < gentle["momentum, usual"]


@pytest.mark.identity
def test_steepness_along_the_axes_does_not_slow_adam_and_a_slant_does(values: Values) -> None:
    run = values("optimizers/three_ways.py")
    steps, limit = run["steps"], run["LIMIT"]
    for name in ("Adam, usual", "Adam"):
        assert steps["very steep"][name] == steps["steep"][name]
        assert run["inside"]["very steep"][name]
        assert steps["slanting"][name] > limit
    for place in ("very steep", "slanting"):
        assert steps[place]["SGD"] > limit and steps[place]["momentum, usual"] > limit
        assert steps["very steep"]["Adam"] < steps[place]["momentum"] <= limit
        assert run["inside"][place]["momentum"]


@pytest.mark.identity
def test_momentum_lowers_the_best_rate_unless_its_coefficient_suits_the_valley(
    values: Values,
) -> None:
    rate = values("optimizers/three_ways.py")["rate"]["steep"]
    best = values("optimizers/rate_curves.py")["best"]
    assert 2.9 < best["SGD"] / best["momentum"] < 11  # one or two steps of the grid
    assert 1.2 < rate["SGD"] / rate["momentum, usual"] < 3
    assert rate["momentum"] > 1.2 * rate["SGD"]


def test_the_loop_over_rates_finds_its_best_inside_and_above_the_default(values: Values) -> None:
    run = values("optimizers/tune_rate.py")
    reached, rates = list(run["reached"].values()), list(run["RATES"])
    assert rates[0] < run["best"] < rates[-1]
    assert max(reached) > 0.9 and max(reached) > reached[0] + 0.05
    others = values("optimizers/rate_curves.py")
    assert others["default"]["AdamW"] < min(run["best"], others["best"]["AdamW"])


def test_forgetting_zero_grad_starts_faster_and_ends_worse(values: Values) -> None:
    run = values("optimizers/four_lines.py")
    assert run["sooner"] == run["SEEDS"]
    assert run["speedup"] > 2
    assert run["start"] == "faster"
    late, good = list(run["late"]), list(run["good"])
    assert min(late) > 4 * max(good)


@pytest.mark.identity
def test_nesterov_damps_the_swing(values: Values) -> None:
    run = values("optimizers/nesterov.py")
    for momentum, distance in run["ahead"].items():
        assert distance < 0.6 * run["plain"][momentum]


@pytest.mark.identity
def test_a_rare_weight_takes_longer_steps_and_adagrad_fades(values: Values) -> None:
    run = values("optimizers/scaling.py")
    root = run["EVERY"] ** 0.5
    assert run["ratio"]["SGD"] == pytest.approx(1)
    assert run["ratio"]["Adagrad"] == pytest.approx(root, rel=0.01)
    assert 0.9 * root < run["ratio"]["RMSprop"] < root
    assert run["often"]["Adagrad"] == pytest.approx(run["STEPS"] ** -0.5, rel=0.01)
    assert run["often"]["RMSprop"] == pytest.approx(1, rel=0.02)


@pytest.mark.identity
def test_eps_is_a_floor_and_inside_the_root_a_higher_one(values: Values) -> None:
    run = values("optimizers/eps_floor.py")
    assert run["capped"] == pytest.approx(1e-6 / (1e-6 + 1e-4), rel=1e-6)
    assert run["half"] == pytest.approx(0.5, rel=1e-6)
    assert run["small"]["outside"] > 0.98
    assert run["small"]["inside"] == pytest.approx(0.01, rel=0.01)


@pytest.mark.identity
def test_decay_inside_adam_forgets_its_size(values: Values) -> None:
    run = values("optimizers/decay_alone.py")
    ends = run["ends"]
    assert run["times"]["Adam"] == pytest.approx(1, abs=0.01)
    assert run["times"]["AdamW"] > 900
    for decay in ("0.1", "0.01", "0.0001"):
        shrunk = 5 * (1 - 0.01 * float(decay)) ** 100
        assert ends["AdamW"][decay] == pytest.approx(shrunk, abs=1e-10)
        assert ends["SGD"][decay] == pytest.approx(shrunk, abs=1e-10)


@pytest.mark.identity
def test_adam_ends_at_ridge_and_adamw_in_a_box(values: Values) -> None:
    run = values("optimizers/decay_box.py")
    assert max(run["to_ridge"].values()) < 0.01
    for decay, largest in run["largest"].items():
        assert largest <= 1.02 / float(decay)
    assert run["largest"]["10.0"] > 0.9 / 10
    assert run["farthest"] < 0.08


UNEQUAL = ("raw features", "rare words")
EVEN = ("standardised features", "equally common words")


def test_adam_wins_where_scales_differ(values: Values) -> None:
    paired = values("optimizers/adam_wins.py")["paired"]
    for problem in UNEQUAL:
        assert paired[problem]["verdict"] == "Adam better"
        assert paired[problem]["high"] < -paired[problem]["matters"]
    assert values("optimizers/adam_wins.py")["apart"] >= 100_000


def test_adam_does_not_win_on_the_controls(values: Values) -> None:
    paired = values("optimizers/adam_wins.py")["paired"]
    for problem in EVEN:
        assert paired[problem]["verdict"] == "no difference that matters"
        assert -paired[problem]["matters"] < paired[problem]["low"]
        assert paired[problem]["high"] < paired[problem]["matters"]


def test_with_more_steps_adam_s_lead_on_rare_words_shrinks_and_stays(values: Values) -> None:
    run = values("optimizers/adam_wins.py")
    late, early = run["paired"]["rare words, 600 steps"], run["paired"]["rare words"]
    assert late["verdict"] == "Adam better"
    assert late["high"] < 0 and abs(late["mean"]) < abs(early["mean"]) / 5
    assert 0 < run["above"]["Adam"] < 0.8 * run["above"]["momentum"]


def test_the_rates_of_adam_and_momentum_lie_inside_their_grids(values: Values) -> None:
    chosen = values("optimizers/adam_wins.py")["chosen"]
    for by_name in chosen.values():
        for rate in by_name.values():
            assert 0 < rate["place"] < rate["of"] - 1


def test_adam_leads_early(values: Values) -> None:
    run = values("optimizers/ranking.py")
    early = run["paired"]["120"]
    for other in ("SGD", "RMSprop"):
        assert early[f"Adam against {other}"]["verdict"] == "Adam better"
    assert run["lead"] > run["MATTERS"]
    momentum = early["Adam against momentum"]
    assert momentum["low"] > -0.06 and momentum["high"] < run["MATTERS"]
    assert run["mean"]["120"]["momentum"] < run["mean"]["120"]["SGD"] - run["MATTERS"]


def test_at_the_end_no_difference_matters(values: Values) -> None:
    run = values("optimizers/ranking.py")
    for row in run["paired"]["600"].values():
        assert row["verdict"] == "no difference that matters"
        assert -run["MATTERS"] < row["low"] < row["high"] < run["MATTERS"]
    assert abs(run["paired"]["600"]["Adam against SGD"]["mean"]) < run["lead"] / 3
    assert abs(run["paired"]["120"]["Adam against AdamW"]["mean"]) < run["MATTERS"] / 2


def test_the_ranking_chooses_inside_its_grids(values: Values) -> None:
    for by_name in values("optimizers/ranking.py")["place"].values():
        for place, count in by_name.values():
            assert 0 < place < count - 1


def test_an_average_of_the_weights_beats_the_last_ones(values: Values) -> None:
    run = values("optimizers/weight_average.py")
    paired = run["paired"]
    assert paired["average against last weights"]["high"] < 0
    assert paired["average against last weights"]["mean"] < -0.02
    assert paired["cosine against last weights"]["mean"] < 0
    assert paired["average against cosine"]["verdict"] == "average better"
    assert paired["average against cosine"]["high"] < -0.005
    rates = list(run["RATES"])
    assert all(rates[0] < rate < rates[-1] for rate in run["best"].values())


def test_muon_evens_out_directions_and_leads_early_in_a_deep_network(values: Values) -> None:
    run = values("optimizers/muon.py")
    assert run["before"] > 10
    assert run["after"] < 2
    compared = run["paired"]["Muon against AdamW"]
    assert compared["verdict"] == "Muon better"
    assert compared["mean"] < -run["MATTERS"]
    rates = list(run["RATES"])
    assert all(rates[0] < rate < rates[-1] for rate in run["best"].values())
