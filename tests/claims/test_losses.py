"""What the chapter on losses claims, asserted on the values that the site's runs left."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

Values = Callable[[str], dict[str, Any]]


def test_mse_is_lowest_at_the_mean(values: Values) -> None:
    run = values("losses/statistic.py")
    assert abs(run["best_squared"] - run["mean"]) < 0.125


def test_l1_is_flat_between_the_middle_targets(values: Values) -> None:
    run = values("losses/statistic.py")
    assert (run["lower"], run["upper"]) == (140, 141)
    assert run["lower"] <= run["torch_median"] <= run["middle"] <= run["upper"]


def test_an_outlier_moves_the_mean_and_not_the_median(values: Values) -> None:
    run = values("losses/outlier.py")
    before, after = run["means"]
    assert after - before == pytest.approx(151 * 99 / run["patients"])
    assert run["medians"][0] == run["medians"][1]


def test_the_dragged_target_leaves_l1_and_huber_behind(values: Values) -> None:
    lowest = values("losses/outlier.py")["lowest"]
    for loss in ("L1", "Huber"):
        assert abs(lowest["600"][loss] - lowest["300"][loss]) <= 1
    assert lowest["600"]["root of MSE"] - lowest["300"]["root of MSE"] > 25


def test_each_loss_estimates_its_statistic(values: Values) -> None:
    run = values("losses/constants.py")
    for name, (statistic, *_) in run["statistics"].items():
        fitted, expected = torch.tensor(run["fitted"][name]), torch.tensor(statistic)
        tolerance = 0.5 if name == "`L1Loss`" else 1e-3 * expected.abs().max()
        assert (fitted - expected).abs().max() <= tolerance, name


def test_slopes_are_twice_the_residual_the_sign_and_cut_at_delta(values: Values) -> None:
    run = values("losses/slopes.py")
    residuals = torch.tensor(run["residuals"])
    assert torch.tensor(run["squared_slope"]).allclose(2 * residuals, atol=1e-10)
    assert torch.tensor(run["absolute_slope"]).equal(residuals.sign())
    for delta, steepest in run["steepest"].items():
        assert abs(steepest - float(delta)) < 1e-10


def test_broadcasting_loses_the_regression(values: Values) -> None:
    run = values("losses/broadcasting.py")
    (fitted, lost), (wide, narrow) = run["scores"], run["spreads"]
    assert fitted > 0.45
    assert lost < 0.05
    assert narrow < wide / 20
    assert "different to the input size" in run["warning"]


def test_some_losses_broadcast_without_a_word(values: Values) -> None:
    run = values("losses/shapes.py")
    assert "PoissonNLLLoss" in run["silent"]
    assert "MSELoss" in run["warned"]
    assert "BCEWithLogitsLoss" in run["refused"]
    assert sum(run["counts"].values()) == run["tried"]


def test_each_term_is_minus_the_log_of_its_probability(values: Values) -> None:
    run = values("losses/surprise.py")
    assert run["same"]
    assert abs(run["first_loss"] - math.log(10)) < 0.1
    assert run["accuracy"] > 0.9
    assert 0.2 < run["share"] < 0.7


def test_the_gradient_is_softmax_minus_onehot(values: Values) -> None:
    run = values("losses/logits.py")
    assert run["gap"] <= 1e-10
    assert run["sums"] <= 1e-10


def test_temperature_changes_the_loss_and_not_the_accuracy(values: Values) -> None:
    run = values("losses/temperature.py")
    losses, accuracies = run["losses"], set(run["accuracies"].values())
    assert max(accuracies) - min(accuracies) < 0.002
    assert 1.0 < run["best"] < 6.0
    assert losses["0.25"] > 2 * losses[str(run["best"])]
    assert losses["1.0"] > 1.1 * losses[str(run["best"])]
    assert run["confidences"]["1.0"] > run["accuracies"]["1.0"]


def test_label_smoothing_sets_a_margin_and_a_floor(values: Values) -> None:
    run = values("losses/smoothing.py")
    assert abs(run["floors"]["0.1"] - 0.5003) < 1e-3
    for amount in ("0.1", "0.2", "0.3", "0.4"):
        assert run["medians"][amount] == pytest.approx(run["targets"][amount], rel=0.15)
    assert run["medians"]["0.0"] > 2 * run["medians"]["0.1"]


def test_a_second_softmax_puts_a_floor_under_the_loss(values: Values) -> None:
    run = values("losses/softmax_twice.py")
    assert abs(run["FLOOR"] - 1.4612) < 1e-4
    assert run["last_loss"]["softmax twice"] > run["FLOOR"]
    assert run["last_loss"]["logits"] < 0.2
    assert run["early"]["logits"] - run["early"]["softmax twice"] > 0.2


def test_a_tuned_second_softmax_is_slow_and_catches_up(values: Values) -> None:
    means = values("losses/softmax_twice_tuned.py")["means"]
    gaps = [a - b for a, b in zip(means["logits"], means["softmax twice"], strict=True)]
    assert gaps[0] > 0.1
    assert abs(gaps[-1]) < 0.05


def test_a_second_softmax_distorts_the_frequency(values: Values) -> None:
    run = values("losses/distortion.py")
    assert run["gap_once"] < 0.01
    assert run["gap_twice"] < 0.01
    assert run["said"]["softmax twice"] - float(run["example"]) > 0.05


def test_log_softmax_is_right_where_the_formula_breaks(values: Values) -> None:
    run = values("losses/stability.py")
    assert run["broken"]["exp, sum, log"] > 0.3
    assert 0 < run["broken"]["softmax, log"] < run["broken"]["exp, sum, log"]
    assert run["broken"]["log_softmax"] == 0
    assert run["worst"] < 1e-6
    assert [str(value) for value in run["naive"]] == ["nan", "inf", "inf"]


def test_bce_after_sigmoid_jumps_and_loses_its_slope(values: Values) -> None:
    run = values("losses/clamp.py")
    assert run["terms"]["BCELoss(sigmoid)"][1:] == [100.0, 100.0]
    assert run["slopes"]["BCELoss(sigmoid)"][1:] == [0.0, 0.0]
    assert run["terms"]["BCEWithLogitsLoss"][1:] == pytest.approx([17.0, 20.0])
    assert min(run["slopes"]["BCEWithLogitsLoss"]) > 0.999


def test_the_tables_of_targets_say_what_happened(values: Values) -> None:
    for name in ("losses/targets.py", "losses/other_targets.py"):
        run = values(name)
        for call, verdict in run["verdicts"].items():
            assert (verdict == "refused") == ("Error" in run["outcomes"][call]), call


def test_targets_that_are_misread_in_silence(values: Values) -> None:
    outcomes = values("losses/targets.py")["outcomes"]
    assert outcomes["logits, torch.full_like(labels, -100)"] == "nan"
    assert float(outcomes["logits, torch.full((4, 3), -1.0)"]) < 0
    assert float(outcomes["logits[:, :1], torch.zeros_like(labels)"]) == 0
    assert outcomes["words, next_words"] != outcomes["words.movedim(2, 1), next_words"]
    assert outcomes["logits, labels"] == outcomes["logits, labels.byte()"]
    assert outcomes["logits, labels"] == outcomes["logits, F.one_hot(labels, 3).float()"]


def test_the_pull_of_mse_fades_where_it_is_most_wrong(values: Values) -> None:
    run = values("losses/saturation.py")
    assert run["ratio"] == pytest.approx(11_014, rel=1e-3)
    assert -1 < run["strongest"] < 0


def test_tuned_losses_classify_alike(values: Values) -> None:
    run = values("losses/rates.py")
    assert max(run["test"].values()) - min(run["test"].values()) < 0.06
    assert run["at_tenth"]["cross-entropy"] - run["at_tenth"]["MSE of softmax"] > 0.4
    assert run["best_rate"]["cross-entropy"] < run["best_rate"]["MSE of softmax"]


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
