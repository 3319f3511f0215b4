"""What the overfitting chapter claims, on the values that the site's own runs left."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

Values = Callable[[str], dict[str, Any]]


def test_training_accuracy_is_full_while_test_accuracy_is_not(values: Values) -> None:
    seen = values("overfitting/seen.py")
    assert seen["train_accuracy"] > 0.97
    assert seen["mean"] < 0.85


def test_validation_loss_turns_round_before_the_end(values: Values) -> None:
    seen = values("overfitting/seen.py")
    assert 5 < seen["earliest"] <= seen["latest"] < seen["EPOCHS"] * 0.75
    assert seen["rise"] > 1.2


def test_wrong_labels_are_learned_last(values: Values) -> None:
    seen = values("overfitting/seen.py")
    assert seen["least_memorised"] < 0.1
    assert seen["all_memorised"] > 0.85
    assert seen["steadfast"] < seen["ripest"] < seen["EPOCHS"] / 2
    assert seen["peak"] > seen["end"] + 0.05


def test_error_on_new_patients_rises_while_training_error_vanishes(values: Values) -> None:
    boundary = values("overfitting/boundary.py")
    assert boundary["train_error"][-1] < 0.02
    assert boundary["final"] > boundary["lowest"] + 0.03
    assert boundary["misjudged"] > 0.6
    assert boundary["changed"] > 30


def test_random_labels_are_memorised_and_teach_nothing(values: Values) -> None:
    memorising = values("overfitting/memorising.py")
    assert memorising["training"]["random labels"] > 0.97
    assert abs(memorising["testing"]["random labels"] - 0.1) < 0.04
    assert memorising["testing"]["true labels"] > 0.88


def test_random_labels_take_longer(values: Values) -> None:
    run = values("overfitting/memorising.py")
    assert min(run["training"].values()) >= run["GOAL"], "both reach it"
    epochs = run["epochs_to_goal"]
    assert epochs["random labels"] > 3 * epochs["true labels"]


def test_training_and_test_error_approach_each_other_with_more_patients(values: Values) -> None:
    errors = values("overfitting/crowd.py")["errors"]
    assert errors["320"]["train"] > errors["10"]["train"] + 0.05
    assert errors["320"]["test"] < errors["10"]["test"]


@pytest.mark.parametrize("rule", ["steps", "epochs"])
def test_each_doubling_of_the_data_helps(values: Values, rule: str) -> None:
    accuracy = values("overfitting/samples.py")["accuracy"][rule]
    means = [accuracy[size][0] for size in ("100", "200", "400", "800")]
    assert means == sorted(means)
    assert means[-1] > means[1] + 0.04


def test_data_helps_less_when_it_also_buys_more_steps(values: Values) -> None:
    accuracy = values("overfitting/samples.py")["accuracy"]
    gain = {rule: accuracy[rule]["800"][0] - accuracy[rule]["200"][0] for rule in accuracy}
    assert gain["epochs"] < gain["steps"]


def test_copies_across_the_split_give_full_marks_on_random_labels(values: Values) -> None:
    copies = values("overfitting/copies.py")
    assert copies["accuracy"]["after"] > 0.98
    assert abs(copies["accuracy"]["before"] - 0.1) < 0.08


def test_three_wrong_splits_flatter(values: Values) -> None:
    gap = values("overfitting/leaks.py")["gap"]
    assert gap["copies"] > 0.8
    assert gap["selection"] > 0.15
    assert 0.01 < gap["writers"] < 0.05


def test_a_sorted_split_ruins_the_result(values: Values) -> None:
    assert values("overfitting/leaks.py")["gap"]["sorting"] < -0.7


def test_scaling_before_the_split_makes_no_measurable_difference(values: Values) -> None:
    leaks = values("overfitting/leaks.py")
    assert abs(leaks["gap"]["scaling"]) < 0.01
    assert leaks["changed"] <= 2


def test_selecting_after_the_split_leaves_coin_tosses_unpredictable(values: Values) -> None:
    assert abs(values("overfitting/leaks.py")["honest"]["selection"] - 0.5) < 0.06


def test_folds_lie_nearer_the_truth_than_one_split(values: Values) -> None:
    folds = values("overfitting/folds.py")
    assert folds["error"]["five_folds"] < 0.75 * folds["error"]["one_split"]
    assert folds["shortfall"] > 0.01


def test_decay_shrinks_the_weights_at_every_step_of_the_scale(values: Values) -> None:
    norm = list(values("overfitting/decay.py")["norm"].values())
    assert norm == sorted(norm, reverse=True)


def test_validation_accuracy_is_a_hill_over_decay(values: Values) -> None:
    accuracy = values("overfitting/decay.py")["accuracy"]
    assert max(accuracy["1.0"], accuracy["3.0"]) > accuracy["0.0"] + 0.03
    assert accuracy["10.0"] < max(accuracy.values()) - 0.05


def test_the_default_decay_does_almost_nothing(values: Values) -> None:
    decay = values("overfitting/decay.py")
    difference = decay["accuracy"]["0.01"] - decay["accuracy"]["0.0"]
    assert abs(difference) < decay["spread"]["0.0"]


def test_accuracy_and_loss_prefer_different_decays(values: Values) -> None:
    decay = values("overfitting/decay.py")
    assert decay["lowest"] < decay["best"]


def test_dropout_keeps_the_mean_and_adds_the_variance_of_the_formula(values: Values) -> None:
    masks = values("overfitting/masks.py")
    for chance, theory in masks["theory"].items():
        assert masks["mean"][chance] == pytest.approx(1, abs=0.02)
        assert masks["variance"][chance] == pytest.approx(theory, rel=0.03)


def test_dropout_helps_up_to_one_half_and_less_beyond(values: Values) -> None:
    accuracy = values("overfitting/dropout.py")["accuracy"]
    validation = {chance: row["validation"] for chance, row in accuracy.items()}
    assert validation["0.5"] > validation["0.2"] > validation["0.0"]
    assert validation["0.5"] > validation["0.8"]


def test_forgetting_eval_loses_most_of_the_gain(values: Values) -> None:
    accuracy = values("overfitting/dropout.py")["accuracy"]
    gain = accuracy["0.5"]["validation"] - accuracy["0.0"]["validation"]
    assert accuracy["0.5"]["forgotten"] < accuracy["0.5"]["validation"] - gain / 2


def test_dropout_separates_equal_units(values: Values) -> None:
    twins = values("overfitting/twins.py")
    assert twins["rank"] == {"0.0": 1, "0.5": 8}
    assert twins["accuracy"]["0.5"] > twins["accuracy"]["0.0"] + 0.4


def test_early_stopping_beats_training_to_the_end(values: Values) -> None:
    stopping = values("overfitting/stopping.py")
    assert stopping["accuracy"]["8"] > stopping["final"] + 0.04
    assert stopping["epochs_run"]["8"] < 0.7 * stopping["EPOCHS"]


def test_patience_does_not_matter_here(values: Values) -> None:
    stopping = values("overfitting/stopping.py")
    accuracy = stopping["accuracy"].values()
    assert max(accuracy) - min(accuracy) < max(stopping["spread"].values())


def test_the_best_weights_must_be_restored(values: Values) -> None:
    stopping = values("overfitting/stopping.py")
    assert stopping["kept_last"] < stopping["accuracy"]["8"] - 0.01


def test_choosing_the_epoch_on_the_test_set_flatters(values: Values) -> None:
    assert 0.003 < values("overfitting/stopping.py")["inflation"] < 0.05


def test_more_data_gains_most(values: Values) -> None:
    gain = values("overfitting/together.py")["gain"]
    regularizers = ("weight decay", "dropout", "early stopping", "all three")
    assert all(gain["more data"] > gain[name] + 0.01 for name in regularizers)


@pytest.mark.parametrize("name", ["weight decay", "dropout", "early stopping", "all three"])
def test_each_regularizer_gains_more_than_its_standard_error(values: Values, name: str) -> None:
    together = values("overfitting/together.py")
    assert together["gain"][name] > together["gain_error"][name]


def test_the_gains_do_not_add_up(values: Values) -> None:
    gain = values("overfitting/together.py")["gain"]
    alone = [gain[name] for name in ("weight decay", "dropout", "early stopping")]
    assert gain["all three"] < 0.75 * sum(alone)
    assert gain["all three"] < max(alone) + 0.02


def test_without_a_split_the_training_accuracy_would_be_reported(values: Values) -> None:
    together = values("overfitting/together.py")
    assert together["training"] > together["accuracy"]["nothing"] + 0.05


def test_choosing_on_the_test_set_flatters_all_three(values: Values) -> None:
    together = values("overfitting/together.py")
    assert together["peeking"] > together["accuracy"]["all three"] + 0.003


@pytest.mark.parametrize("noise", ["0.0", "0.2"])
def test_error_peaks_where_features_equal_images(values: Values, noise: str) -> None:
    interpolation = values("overfitting/interpolation.py")
    test = interpolation["error"][noise]["test"]
    norm = interpolation["error"][noise]["norm"]
    assert max(test, key=test.get) == max(norm, key=norm.get) == str(interpolation["IMAGES"])
    assert test["3200"] < interpolation["valley"][noise]
    assert interpolation["error"][noise]["training"]["3200"] == 0


def test_a_tuned_penalty_removes_the_peak(values: Values) -> None:
    error = values("overfitting/penalty.py")["error"]
    curve = list(error["1.0"].values())
    assert error["0.0"]["200"] > 0.7
    assert all(later < earlier + 0.01 for earlier, later in itertools.pairwise(curve))
    assert error["10.0"]["1600"] > error["1.0"]["1600"] + 0.03
