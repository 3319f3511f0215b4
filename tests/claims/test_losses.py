"""What the chapter on losses claims, asserted on the values that the site's runs left."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

Values = Callable[[str], dict[str, Any]]


@pytest.mark.identity
def test_mse_is_lowest_at_the_mean(values: Values) -> None:
    run = values("losses/statistic.py")
    assert abs(run["best_squared"] - run["mean"]) < 0.125


@pytest.mark.identity
def test_l1_is_flat_between_the_middle_targets(values: Values) -> None:
    run = values("losses/statistic.py")
    assert (run["lower"], run["upper"]) == (140, 141)
    assert run["lower"] <= run["torch_median"] <= run["middle"] <= run["upper"]


@pytest.mark.identity
def test_an_outlier_moves_the_mean_and_not_the_median(values: Values) -> None:
    run = values("losses/outlier.py")
    before, after = run["means"]
    assert run["moved"] == after - before
    assert float(run["diabetes"][0]) > run["medians"][0]
    assert after - before == pytest.approx(151 * 99 / run["patients"])
    assert run["medians"][0] == run["medians"][1]


@pytest.mark.identity
def test_the_dragged_target_leaves_l1_and_huber_behind(values: Values) -> None:
    lowest = values("losses/outlier.py")["lowest"]
    for loss in ("L1", "Huber"):
        assert abs(lowest["600"][loss] - lowest["300"][loss]) <= 1
    assert lowest["600"]["root of MSE"] - lowest["300"]["root of MSE"] > 25
    places = (200, 300, 400, 600)
    for near, far in itertools.pairwise(places):
        moved = lowest[str(far)]["root of MSE"] - lowest[str(near)]["root of MSE"]
        assert abs(moved - (far - near) / 9) <= 1


@pytest.mark.identity
def test_each_loss_estimates_its_statistic(values: Values) -> None:
    run = values("losses/constants.py")
    for name, (statistic, *_) in run["statistics"].items():
        fitted, expected = torch.tensor(run["fitted"][name]), torch.tensor(statistic)
        tolerance = 0.5 if name == "`L1Loss`" else 1e-3 * expected.abs().max()
        assert (fitted - expected).abs().max() <= tolerance, name


def test_the_ordinary_loop_reads_most_digits(values: Values) -> None:
    run = values("losses/loop.py")
    assert run["accuracy"] > 0.9
    assert run["validation_loss"] < 0.3


@pytest.mark.identity
def test_slopes_are_twice_the_residual_the_sign_and_cut_at_delta(values: Values) -> None:
    run = values("losses/slopes.py")
    residuals = torch.tensor(run["residuals"])
    assert torch.tensor(run["squared_slope"]).allclose(2 * residuals, atol=1e-10)
    assert torch.tensor(run["absolute_slope"]).equal(residuals.sign())
    for delta, steepest in run["steepest"].items():
        assert abs(steepest - float(delta)) < 1e-10


@pytest.mark.identity
def test_the_usual_delta_is_nearly_l1_on_targets_in_the_hundreds(values: Values) -> None:
    targets = torch.tensor(values("losses/outlier.py")["diabetes"], dtype=torch.float64)
    guess = targets.mean().requires_grad_()
    slopes = [
        torch.autograd.grad(loss(guess.expand(len(targets)), targets), guess)[0]
        for loss in (torch.nn.HuberLoss(), torch.nn.L1Loss())
    ]
    assert targets.max() > 100
    assert (slopes[0] - slopes[1]).abs() < 0.02
    inside = ((guess - targets).abs() < torch.nn.HuberLoss().delta).double().mean()
    assert inside < 0.05


def test_wrong_targets_ruin_squared_error_and_not_huber(values: Values) -> None:
    run = values("losses/robust.py")
    for name in ("L1", "Huber"):
        clean = run["paired"][f"{name} against MSE, clean targets"]
        assert max(-clean["low"], clean["high"]) < clean["matters"]
        wrong = run["paired"][f"{name} against MSE, wrong targets"]
        assert wrong["high"] < -10 * wrong["matters"]
    assert run["error"]["Huber, wrong"] - run["error"]["Huber, clean"] < run["MATTERS"]
    assert abs(run["error"]["L1, wrong"] - run["error"]["Huber, wrong"]) < run["MATTERS"] / 2
    assert run["error"]["MSE, wrong"] > run["guessed"] + run["MATTERS"]
    assert run["error"]["MSE, clean"] < run["guessed"] - 10


@pytest.mark.identity
def test_the_best_probability_is_the_share_however_many_tosses(values: Values) -> None:
    run = values("losses/likelihood.py")
    assert run["best"] == {"10": 0.7, "100": 0.7, "10000": 0.7}
    assert run["highest"]["10000"] == 0.0 < run["highest"]["100"] < 1e-20


@pytest.mark.identity
def test_cross_entropy_is_entropy_plus_kl(values: Values) -> None:
    run = values("losses/likelihood.py")
    for stated, cross in run["cross"].items():
        q = float(stated)
        kl = 0.7 * math.log(0.7 / q) + 0.3 * math.log(0.3 / (1 - q))
        assert cross == pytest.approx(run["entropy"] + kl)
        assert run["divergence"][stated] == pytest.approx(kl, abs=1e-9)


def test_each_term_is_minus_the_log_of_its_probability(values: Values) -> None:
    run = values("losses/surprise.py")
    assert run["same"]
    assert abs(run["first_loss"] - math.log(10)) < 0.1
    assert run["accuracy"] > 0.9
    assert run["typical"] == pytest.approx(math.exp(-run["mean_loss"]))


@pytest.mark.identity
def test_one_logit_is_a_softmax_against_zero(values: Values) -> None:
    run = values("losses/yes_or_no.py")
    logits, targets = torch.tensor(run["logits"]), torch.tensor(run["targets"])
    pairs = torch.stack([logits, torch.zeros(len(logits))], 1)
    assert torch.tensor(run["probabilities"]).allclose(pairs.softmax(1)[:, 0])
    terms = torch.nn.functional.cross_entropy(pairs, (targets == 0).long(), reduction="none")
    assert run["loss"] == pytest.approx(terms.mean().item())
    wrong = (logits > 0) != targets.bool()
    assert wrong.nonzero().flatten().tolist() == [2] == [terms.argmax().item()]


@pytest.mark.identity
def test_several_labels_take_a_logit_and_a_float_each() -> None:
    logits, labels = torch.randn(4, 3), torch.randint(2, (4, 3))
    loss = torch.nn.BCEWithLogitsLoss(reduction="none")
    p = logits.sigmoid()
    assert loss(logits, labels.float()).allclose(-torch.where(labels == 1, p, 1 - p).log())
    with pytest.raises(RuntimeError):
        loss(logits, labels)


def test_a_few_images_make_up_a_large_part_of_the_loss(values: Values) -> None:
    run = values("losses/surprise.py")
    assert run["FEW"] / run["unseen"] < 0.06
    assert run["share"] > 0.25


@pytest.mark.identity
def test_the_gradient_is_softmax_minus_onehot(values: Values) -> None:
    run = values("losses/logits.py")
    assert run["gap"] <= 1e-10
    assert run["sums"] <= 1e-10


@pytest.mark.identity
def test_a_step_downhill_raises_the_right_logit_alone(values: Values) -> None:
    probabilities, loss, gradient = values("losses/logits.py")["states"]["0"]
    assert gradient[0] < 0 < min(gradient[1:])
    assert gradient == pytest.approx([probabilities[0] - 1, *probabilities[1:]])
    assert loss == pytest.approx(-math.log(probabilities[0]))


@pytest.mark.identity
def test_the_pull_of_mse_fades_where_it_is_most_wrong(values: Values) -> None:
    run = values("losses/saturation.py")
    assert run["ratio"] == pytest.approx(11_014, rel=1e-3)
    assert -1 < run["strongest"] < 0


@pytest.mark.parametrize("rival", ["MSE of softmax", "MSE of outputs", "softmax twice"])
def test_cross_entropy_leads_early(values: Values, rival: str) -> None:
    paired = values("losses/rivals.py")["paired"]
    early = paired[f"{rival} against cross-entropy, 100 steps"]
    assert early["high"] < 0 and early["mean"] < -early["matters"]


@pytest.mark.parametrize("rival", ["MSE of softmax", "MSE of outputs"])
def test_no_difference_that_matters_is_left_after_1600_steps(values: Values, rival: str) -> None:
    paired = values("losses/rivals.py")["paired"]
    late = paired[f"{rival} against cross-entropy, 1600 steps"]
    assert max(-late["low"], late["high"]) < late["matters"]
    assert late["runs"] >= 24


def test_every_rate_is_chosen_inside_its_grid(values: Values) -> None:
    run = values("losses/rivals.py")
    for name, rates in run["RATES"].items():
        for rate in run["chosen"][name].values():
            assert min(rates) < rate < max(rates), name


def test_squared_error_wants_a_larger_rate(values: Values) -> None:
    chosen = values("losses/rivals.py")["chosen"]
    assert chosen["MSE of softmax"]["1600"] >= 4 * chosen["cross-entropy"]["1600"]


def test_softmax_twice_catches_up_when_given_the_steps(values: Values) -> None:
    behind = values("losses/rivals.py")["typical"]["softmax twice"]
    assert behind["100"] > 0.04
    assert abs(behind["1600"]) < 0.01


def test_the_usual_threshold_misses_most_of_a_rare_class(values: Values) -> None:
    run = values("losses/imbalance.py")
    assert run["recall"]["plain, at 0.5"] < 0.5
    assert run["always_no"] == pytest.approx(0.9)
    assert abs(run["stated"]["plain"] - run["share"]) < 0.02
    found, false = run["caught"]["plain, at 0.5"], run["raised"]["plain, at 0.5"]
    assert found / run["eights"] == pytest.approx(run["recall"]["plain, at 0.5"])
    assert found / (found + false) == pytest.approx(run["precision"]["plain, at 0.5"], rel=1e-4)


def test_most_of_the_gain_comes_from_the_threshold(values: Values) -> None:
    run = values("losses/imbalance.py")
    before, moved = run["balance"]["plain, at 0.5"], run["balance"]["plain, chosen"]
    whole = run["balance"]["pos_weight, at 0.5"] - before
    assert whole > 0.1
    assert moved - before > 0.75 * whole
    lead = run["paired"]["pos_weight against plain, threshold chosen"]
    assert lead["low"] > 0 and lead["high"] < 0.25 * whole
    assert abs(lead["mean"] - lead["matters"]) < lead["matters"] / 2


def test_the_threshold_is_paid_for_with_false_alarms_and_precision(values: Values) -> None:
    run = values("losses/imbalance.py")
    assert run["recall"]["plain, chosen"] > 2 * run["recall"]["plain, at 0.5"]
    assert abs(run["recall"]["plain, chosen"] - run["recall"]["pos_weight, at 0.5"]) < 0.1
    assert run["alarms"]["plain, chosen"] > run["alarms"]["plain, at 0.5"] + 0.1
    assert run["alarms"]["pos_weight, at 0.5"] < run["alarms"]["plain, chosen"] - 0.02
    assert run["precision"]["plain, chosen"] < run["precision"]["plain, at 0.5"] - 0.05
    chosen = torch.tensor(run["thresholds"]["plain"]).sigmoid().median()
    assert 0.05 < chosen < 0.2


@pytest.mark.parametrize("rule", ["at 0.5", "chosen"])
def test_focal_loss_makes_no_difference_that_matters(values: Values, rule: str) -> None:
    paired = values("losses/imbalance.py")["paired"][f"focal against plain, threshold {rule}"]
    assert max(-paired["low"], paired["high"]) < paired["matters"]


def test_a_weight_bends_the_probabilities_and_ln_w_bends_them_back(values: Values) -> None:
    run = values("losses/imbalance.py")
    assert run["stated"]["pos_weight"] > 2 * run["share"]
    assert abs(run["corrected"] - run["share"]) < 0.02


def test_broadcasting_loses_the_regression(values: Values) -> None:
    run = values("losses/broadcasting.py")
    (fitted, lost), (wide, narrow) = run["scores"], run["spreads"]
    assert fitted > 0.45
    assert lost < 0.05
    assert narrow < wide / 20
    assert "different to the input size" in run["warning"]


@pytest.mark.identity
def test_some_losses_broadcast_without_a_word(values: Values) -> None:
    run = values("losses/shapes.py")
    assert "PoissonNLLLoss" in run["silent"]
    assert "MSELoss" in run["warned"]
    assert "BCEWithLogitsLoss" in run["refused"]
    assert sum(run["counts"].values()) == run["tried"]


def test_a_second_softmax_puts_a_floor_under_the_loss(values: Values) -> None:
    run = values("losses/softmax_twice.py")
    assert abs(run["FLOOR"] - 1.4612) < 1e-4
    assert run["FLOOR"] < run["last_loss"]["softmax twice"] < run["FLOOR"] + 0.3
    assert run["last_loss"]["logits"] < 0.2
    assert run["early"]["logits"] - run["early"]["softmax twice"] > 0.2
    once, twice = (run["runs"][name][0] for name in ("logits", "softmax twice"))
    assert twice[-50] - twice[-1] > 0.01  # it still falls
    assert twice[0] - twice[-1] < (once[0] - once[-1]) / 2  # and slowly


@pytest.mark.identity
def test_a_second_softmax_distorts_the_frequency(values: Values) -> None:
    run = values("losses/distortion.py")
    assert run["gap_once"] < 0.01
    assert run["gap_twice"] < 0.01
    assert run["said"]["softmax twice"] - float(run["example"]) > 0.05
    inside = torch.tensor([[run["said"]["softmax twice"], 1 - run["said"]["softmax twice"]]])
    assert inside.softmax(1)[0, 0].item() == pytest.approx(float(run["example"]), abs=1e-3)
    assert torch.tensor([1.0, 0.0]).softmax(0)[0].item() == pytest.approx(run["sure_from"])


@pytest.mark.identity
def test_of_ten_classes_a_second_softmax_calls_a_quarter_certain(values: Values) -> None:
    """The best answer is 1 above the frequency named, and below 1 under it."""
    limit = values("losses/distortion.py")["sure_from_ten"]
    said = torch.linspace(0, 1, 1001, dtype=torch.float64)
    scores = torch.cat([said[:, None], ((1 - said) / 9)[:, None].expand(-1, 9)], 1).log_softmax(1)
    for frequency, certain in ((limit + 0.01, True), (limit - 0.01, False)):
        target = torch.tensor([frequency, *[(1 - frequency) / 9] * 9], dtype=torch.float64)
        best = said[(-scores @ target).argmin()]
        assert (best == 1) == certain


@pytest.mark.identity
def test_log_softmax_is_right_where_the_formula_breaks(values: Values) -> None:
    run = values("losses/stability.py")
    assert run["broken"]["exp, sum, log"] > 0.3
    assert 0 < run["broken"]["softmax, log"] < run["broken"]["exp, sum, log"]
    assert run["broken"]["log_softmax"] == 0
    assert run["worst"] < 1e-6
    assert [str(value) for value in run["naive"]] == ["nan", "inf", "inf"]


@pytest.mark.identity
def test_bce_after_sigmoid_jumps_and_loses_its_slope(values: Values) -> None:
    run = values("losses/clamp.py")
    assert run["terms"]["BCELoss(sigmoid)"][1:] == [100.0, 100.0]
    assert run["slopes"]["BCELoss(sigmoid)"][1:] == [0.0, 0.0]
    assert run["terms"]["BCEWithLogitsLoss"][1:] == pytest.approx([17.0, 20.0])
    assert min(run["slopes"]["BCEWithLogitsLoss"]) > 0.999


@pytest.mark.identity
def test_the_tables_of_targets_say_what_happened(values: Values) -> None:
    for name in ("losses/targets.py", "losses/other_targets.py"):
        run = values(name)
        for call, verdict in run["verdicts"].items():
            assert (verdict == "refused") == ("Error" in run["outcomes"][call]), call


@pytest.mark.identity
def test_targets_that_are_misread_in_silence(values: Values) -> None:
    outcomes = values("losses/targets.py")["outcomes"]
    assert outcomes["logits, torch.full_like(labels, -100)"] == "nan"
    assert float(outcomes["logits, torch.full((4, 3), -1.0)"]) < 0
    assert float(outcomes["logits[:, :1], torch.zeros_like(labels)"]) == 0
    assert outcomes["words, next_words"] != outcomes["words.movedim(2, 1), next_words"]
    assert outcomes["logits, labels"] == outcomes["logits, labels.byte()"]
    assert outcomes["logits, labels"] == outcomes["logits, F.one_hot(labels, 3).float()"]


def test_a_temperature_repairs_the_probabilities_and_no_answer_changes(values: Values) -> None:
    run = values("losses/temperature.py")
    gain = run["paired"]["temperature against plain"]
    assert gain["high"] < -gain["matters"]
    assert run["loss"]["temperature"] < run["loss"]["plain"] - 0.1
    assert run["changed"] == 0
    assert run["CHOOSING"] > run["SEEN"]
    assert run["confidence"]["plain"] > run["accuracy"]["plain"] + 0.04
    assert 0 < run["noise"] < run["ece"]["temperature"]


@pytest.mark.identity
def test_a_temperature_above_one_lowers_confidence_and_keeps_the_order(values: Values) -> None:
    logits = torch.randn(100, 10, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for temperature in (1.1, 2.0, 5.0):
        cooled = logits / temperature
        assert (cooled.softmax(1).amax(1) < logits.softmax(1).amax(1)).all()
        assert cooled.argsort(1).equal(logits.argsort(1))
    assert values("losses/temperature.py")["chosen"] > 1


def test_the_temperatures_stand_inside_their_grid(values: Values) -> None:
    run = values("losses/temperature.py")
    for chosen in run["temperatures"].values():
        found = torch.tensor(chosen)
        assert min(run["GRID"]) < found.min() and found.max() < max(run["GRID"])


def test_smoothing_alone_is_too_modest_and_a_temperature_repairs_it(values: Values) -> None:
    run = values("losses/temperature.py")
    worse = run["paired"]["smoothing against plain"]
    assert worse["low"] > worse["matters"]
    assert run["confidence"]["smoothing"] < run["accuracy"]["smoothing"] - 0.05
    both = run["paired"]["both against temperature"]
    assert max(-both["low"], both["high"]) < both["matters"]


def test_label_smoothing_sets_a_margin_and_a_floor(values: Values) -> None:
    run = values("losses/smoothing.py")
    assert abs(run["floors"]["0.1"] - 0.5003) < 1e-3
    for amount in ("0.1", "0.2", "0.3", "0.4"):
        assert run["medians"][amount] == pytest.approx(run["targets"][amount], rel=0.15)
    assert run["medians"]["0.02"] > 1.1 * run["targets"]["0.02"]
    assert run["medians"]["0.0"] > 2 * run["medians"]["0.1"]


@pytest.mark.identity
def test_honesty_costs_least_under_log_and_square_but_not_absolute(values: Values) -> None:
    run = values("losses/honest.py")
    assert run["best"]["log"] == pytest.approx(run["FREQUENCY"])
    assert run["best"]["squared"] == pytest.approx(run["FREQUENCY"])
    assert run["best"]["absolute"] == 1.0


@pytest.mark.identity
def test_every_loss_of_torch_is_described_and_called(values: Values) -> None:
    present = [
        name
        for name, kind in vars(torch.nn).items()
        if name.endswith("Loss") and isinstance(kind, type)
    ]
    assert values("losses/all_losses.py")["count"] == len(present)
    results = values("losses/calls.py")["results"]
    assert sorted(results) == sorted(present)
    assert all(math.isfinite(result) for result in results.values())
    for twin, other in (("NLLLoss", "CrossEntropyLoss"), ("BCELoss", "BCEWithLogitsLoss")):
        assert results[twin] == pytest.approx(results[other], rel=1e-5)
