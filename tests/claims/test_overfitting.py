"""What the overfitting chapter claims, on the values that the site's own runs left."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

Values = Callable[[str], dict[str, Any]]


def test_a_simple_curve_underfits_and_a_flexible_one_overfits(values: Values) -> None:
    capacity = values("overfitting/capacity.py")
    training, new = capacity["training"], capacity["new"]
    assert training["1"] > 3 * capacity["lowest"], "the line misses the training points too"
    assert abs(new["1"] - training["1"]) < 0.1
    assert training["12"] < training["5"] / 2
    assert new["12"] > 2 * capacity["lowest"]
    assert new["12"] > 0.8 * new["1"], "no better than the straight line"


def test_the_best_degree_lies_inside_the_slider(values: Values) -> None:
    capacity = values("overfitting/capacity.py")
    assert capacity["DEGREES"][0] < capacity["best"] < capacity["DEGREES"][-1]


def test_bias_variance_and_noise_add_up_to_the_measured_error(values: Values) -> None:
    bias = values("overfitting/bias.py")
    for degree, total in bias["total"].items():
        assert bias["error"][degree] == pytest.approx(total, rel=0.05)


def test_the_errors_of_the_table_are_about_those_of_the_first_picture(values: Values) -> None:
    new = values("overfitting/capacity.py")["new"]
    for degree, error in values("overfitting/bias.py")["error"].items():
        assert abs(error - new[degree]) < 0.03


def test_bias_falls_and_variance_grows_with_the_degree(values: Values) -> None:
    bias = values("overfitting/bias.py")
    assert bias["bias"]["1"] > 5 * bias["bias"]["12"] + 0.1
    variance = list(bias["variance"].values())
    assert variance == sorted(variance)
    assert variance[-1] > 5 * variance[0]


def test_the_loop_to_copy_restores_earlier_weights_and_learns(values: Values) -> None:
    loop = values("overfitting/loop.py")
    assert loop["best_epoch"] < loop["last_epoch"] < 100
    assert loop["last_epoch"] - loop["best_epoch"] == loop["PATIENCE"]
    assert loop["test_accuracy"] > 0.93
    assert loop["fitted"] - loop["score"] < 0.07, "a gap that is no reason to worry"


def test_training_accuracy_is_nearly_full_while_test_accuracy_is_not(values: Values) -> None:
    seen = values("overfitting/seen.py")
    assert seen["train_accuracy"] > 0.95
    assert seen["mean"] < seen["train_accuracy"] - 0.15


def test_a_network_that_knows_only_the_rule_would_score_far_less_on_the_training_set(
    values: Values,
) -> None:
    seen = values("overfitting/seen.py")
    assert seen["mislabelled"] == pytest.approx(seen["expected"], abs=0.02)
    assert seen["expected"] == pytest.approx(0.9 * seen["NOISE"])
    assert seen["rule_only"] == 1 - seen["mislabelled"] < seen["train_accuracy"] - 0.1
    assert seen["IMAGES"] == 1797


def test_validation_loss_turns_round_before_the_end(values: Values) -> None:
    seen = values("overfitting/seen.py")
    assert 2 < seen["earliest"] <= seen["latest"] < seen["EPOCHS"] * 0.6
    assert seen["rise"] > 1.3


def test_wrong_labels_are_learned_last(values: Values) -> None:
    seen = values("overfitting/seen.py")
    assert seen["least_memorised"] < 0.1
    assert seen["all_memorised"] > 0.8
    assert seen["steadfast"] < seen["EPOCHS"] / 3
    assert seen["ripest"] < seen["EPOCHS"] / 2
    assert seen["peak"] > seen["mean"] + 0.05


def test_error_on_new_patients_rises_while_training_error_vanishes(values: Values) -> None:
    boundary = values("overfitting/boundary.py")
    assert boundary["train_error"]["640"] < 0.03
    assert boundary["final"] > boundary["lowest"] + 0.03


def test_random_labels_are_memorised_and_teach_nothing(values: Values) -> None:
    memorising = values("overfitting/memorising.py")
    assert memorising["training"]["random labels"] > 0.97
    assert abs(memorising["testing"]["random labels"] - 0.1) < 0.03
    assert memorising["testing"]["true labels"] > 0.88


def test_random_labels_take_longer(values: Values) -> None:
    run = values("overfitting/memorising.py")
    assert min(run["training"].values()) >= run["GOAL"], "both reach it"
    epochs = run["epochs_to_goal"]
    assert epochs["random labels"] > 3 * epochs["true labels"]


@pytest.mark.parametrize("rule", ["equal steps", "equal epochs", "stopped"])
def test_four_times_the_data_wins_in_each_comparison(values: Values, rule: str) -> None:
    pair = values("overfitting/samples.py")["paired"][rule]
    assert pair["verdict"] == "800 better"
    assert pair["mean"] > 2 * pair["matters"]


@pytest.mark.parametrize("rule", ["equal steps", "equal epochs", "stopped"])
def test_the_error_falls_with_each_doubling_of_the_data(values: Values, rule: str) -> None:
    accuracy = values("overfitting/samples.py")["accuracy"][rule].values()
    assert all(later > earlier + 0.005 for earlier, later in itertools.pairwise(accuracy))


def test_data_gains_most_where_the_small_set_has_overfitted(values: Values) -> None:
    paired = values("overfitting/samples.py")["paired"]
    assert paired["equal steps"]["mean"] > paired["stopped"]["mean"] + 0.02


def test_at_equal_epochs_or_stopped_four_times_the_data_gains_far_less_than_at_equal_steps(
    values: Values,
) -> None:
    samples = values("overfitting/samples.py")
    most = samples["paired"]["equal steps"]
    for rule in ("equal epochs", "stopped"):
        data = samples["paired"][rule]
        assert samples["MATTERS"] < data["low"]
        assert data["high"] < most["low"] and data["mean"] < most["mean"] - 0.04


def test_at_equal_steps_the_large_set_is_not_overfitted_and_at_equal_epochs_it_is(
    values: Values,
) -> None:
    samples = values("overfitting/samples.py")
    assert samples["after_equal_steps"]["200"] > 0.9
    assert samples["after_equal_steps"]["800"] < 0.86
    large = {rule: by["800"] for rule, by in samples["accuracy"].items()}
    assert large["equal steps"] > large["stopped"] - 0.02
    assert large["equal epochs"] < large["stopped"] - 0.04


def test_each_doubling_of_the_data_helps_so_half_of_them_foretell_the_rest(values: Values) -> None:
    samples = values("overfitting/samples.py")
    stopped = samples["accuracy"]["stopped"].values()
    assert all(later > earlier + 0.02 for earlier, later in itertools.pairwise(stopped))


def test_more_data_can_still_be_memorised(values: Values) -> None:
    assert values("overfitting/samples.py")["training"]["800"] > 0.88


@pytest.mark.parametrize("name", ["shifting", "turning", "both"])
def test_augmentation_helps(values: Values, name: str) -> None:
    pair = values("overfitting/augmentation.py")["paired"][f"{name} against nothing"]
    assert pair["verdict"] == f"{name} better"
    assert pair["mean"] > pair["matters"]


def test_mirroring_is_far_behind_shifting(values: Values) -> None:
    pair = values("overfitting/augmentation.py")["paired"]["shifting against mirroring"]
    assert pair["verdict"] == "shifting better"
    assert pair["low"] > 2 * pair["matters"]


def test_mirroring_does_no_harm_and_gains_far_less_than_shifting(values: Values) -> None:
    paired = values("overfitting/augmentation.py")["paired"]
    mirroring = paired["mirroring against nothing"]
    assert mirroring["low"] > -mirroring["matters"]
    assert mirroring["mean"] < min(
        1.5 * mirroring["matters"], paired["shifting against nothing"]["mean"] / 2
    )


def test_augmentation_helps_a_lot_and_less_than_four_times_the_data(values: Values) -> None:
    both = values("overfitting/augmentation.py")["paired"]["both against nothing"]
    assert both["low"] > 3 * both["matters"]
    assert both["high"] < values("overfitting/together.py")["gain"]["more data"]["high"]


def test_copies_across_the_split_give_full_marks_on_random_labels(values: Values) -> None:
    copies = values("overfitting/copies.py")
    assert copies["accuracy"]["after"] > 0.98
    assert abs(copies["accuracy"]["before"] - 0.1) < 0.06


def test_three_wrong_splits_flatter(values: Values) -> None:
    leaks = values("overfitting/leaks.py")
    assert leaks["low"]["copies"] > 0.8
    assert leaks["low"]["selection"] > 0.15
    assert leaks["low"]["writers"] > 0.01
    assert leaks["high"]["writers"] < 0.05


def test_a_sorted_split_ruins_the_result(values: Values) -> None:
    assert values("overfitting/leaks.py")["high"]["sorting"] < -0.7


def test_scaling_before_the_split_makes_no_difference_that_matters(values: Values) -> None:
    leaks = values("overfitting/leaks.py")
    assert -0.02 < leaks["low"]["scaling"] <= leaks["high"]["scaling"] < 0.02
    assert leaks["changed"] <= 2


def test_selecting_after_the_split_leaves_coin_tosses_unpredictable(values: Values) -> None:
    assert abs(values("overfitting/leaks.py")["honest"]["selection"] - 0.5) < 0.06


def test_the_gains_of_data_and_of_stopping_add_up_where_data_are_memorised(values: Values) -> None:
    accuracy = values("overfitting/samples.py")["accuracy"]
    stopping = accuracy["stopped"]["200"] - accuracy["equal epochs"]["200"]
    data = accuracy["equal epochs"]["800"] - accuracy["equal epochs"]["200"]
    both = accuracy["stopped"]["800"] - accuracy["equal epochs"]["200"]
    assert both > 0.8 * (stopping + data)


def test_folds_lie_nearer_the_truth_than_one_split(values: Values) -> None:
    folds = values("overfitting/folds.py")
    assert folds["error"]["five_folds"] < 0.75 * folds["error"]["one_split"]
    assert 0.005 < folds["shortfall"] < 0.03


def test_decay_shrinks_the_weights_at_every_step_of_the_scale(values: Values) -> None:
    norm = list(values("overfitting/decay.py")["norm"].values())
    assert all(later < 0.99 * earlier for earlier, later in itertools.pairwise(norm))


def test_default_decay_shrinks_the_weights_by_about_its_total_force(values: Values) -> None:
    decay = values("overfitting/decay.py")
    shrunk = 1 - (1 - decay["RATE"] * 0.01) ** decay["steps"]
    assert decay["force"] == pytest.approx(shrunk, abs=0.002), "no other percentage to print"
    assert decay["force"] < 0.05


def test_accuracy_is_a_hill_over_decay_with_its_top_inside(values: Values) -> None:
    accuracy = values("overfitting/decay.py")["accuracy"]
    assert min(accuracy["1.0"], accuracy["3.0"]) > accuracy["0.0"] + 0.04
    assert accuracy["0.3"] > accuracy["0.0"] + 0.01
    assert accuracy["10.0"] < max(accuracy.values()) - 0.1
    assert max(accuracy, key=accuracy.get) in {"0.3", "1.0", "3.0"}


def test_training_accuracy_falls_as_decay_grows(values: Values) -> None:
    fit = list(values("overfitting/decay.py")["fit"].values())
    assert all(later < earlier + 0.005 for earlier, later in itertools.pairwise(fit))
    assert fit[-1] < fit[0] - 0.3


def test_too_much_decay_underfits(values: Values) -> None:
    assert values("overfitting/decay.py")["fit"]["10.0"] < 0.75


@pytest.mark.parametrize("pair", ["0.01 against 0", "biases decayed against spared"])
def test_default_decay_and_decayed_biases_make_no_difference(values: Values, pair: str) -> None:
    comparison = values("overfitting/decay.py")["paired"][pair]
    assert comparison["verdict"] == "no difference that matters"
    assert max(-comparison["low"], comparison["high"]) < comparison["matters"]


def test_l1_zeroes_useless_weights_and_l2_none(values: Values) -> None:
    zeros = values("overfitting/lasso.py")["zeros"]
    assert zeros["L1"] > 0.7
    assert zeros["L2"] == zeros["none"] == 0


def test_l2_beats_no_penalty_and_l1_beats_l2(values: Values) -> None:
    paired = values("overfitting/lasso.py")["paired"]
    for name, winner in (("L2 against none", "L2"), ("L1 against L2", "L1")):
        assert paired[name]["verdict"] == f"{winner} better"
        assert paired[name]["high"] < -paired[name]["matters"]


def test_strengths_of_the_penalties_are_chosen_inside_their_grid(values: Values) -> None:
    inside = values("overfitting/lasso.py")["inside"]
    assert inside["L1"] > 0.95
    assert inside["L2"] > 0.95


def test_dropout_keeps_the_mean_and_adds_the_variance_of_the_formula(values: Values) -> None:
    masks = values("overfitting/masks.py")
    for chance, theory in masks["theory"].items():
        assert masks["mean"][chance] == pytest.approx(1, abs=0.03)
        assert masks["variance"][chance] == pytest.approx(theory, rel=0.03, abs=1e-9)


def test_dropout_helps_up_to_the_middle_and_fails_at_the_end(values: Values) -> None:
    accuracy = {p: row["test"] for p, row in values("overfitting/dropout.py")["accuracy"].items()}
    assert accuracy["0.5"] > accuracy["0.2"] > accuracy["0.0"]
    assert max(accuracy, key=accuracy.get) in {"0.5", "0.7"}
    assert accuracy["0.7"] > accuracy["0.5"] - 0.015, "0.7 does as well"
    assert accuracy["0.9"] < accuracy["0.5"] - 0.04


def test_training_accuracy_falls_with_dropout(values: Values) -> None:
    rows = values("overfitting/dropout.py")["accuracy"].values()
    training = [row["training"] for row in rows]
    assert training == sorted(training, reverse=True)
    assert training[-1] < training[0] - 0.15


def test_dropout_is_better_and_forgetting_eval_loses_the_gain(values: Values) -> None:
    dropout = values("overfitting/dropout.py")
    assert dropout["paired"]["dropout 0.5 against none"]["verdict"] == "dropout 0.5 better"
    pair = dropout["paired"]["eval() called against forgotten"]
    assert pair["verdict"] == "eval() called better"
    assert pair["low"] > pair["matters"]
    assert dropout["accuracy"]["0.5"]["forgotten"] < dropout["accuracy"]["0.0"]["test"] + 0.02
    assert dropout["accuracy"]["0.7"]["forgotten"] < dropout["accuracy"]["0.5"]["forgotten"] - 0.05


def test_dropout_separates_equal_units(values: Values) -> None:
    twins = values("overfitting/twins.py")
    assert twins["rank"] == {"0.0": 1, "0.5": 8}
    assert twins["accuracy"]["0.5"] > twins["accuracy"]["0.0"] + 0.3


def test_early_stopping_beats_training_to_the_end(values: Values) -> None:
    pair = values("overfitting/stopping.py")["paired"]["stopping against training to the end"]
    assert pair["verdict"] == "stopping better"
    assert pair["low"] > pair["matters"]


def test_the_best_weights_must_be_restored(values: Values) -> None:
    pair = values("overfitting/stopping.py")["paired"]["restoring against the last weights"]
    assert pair["verdict"] == "restoring better"
    assert pair["mean"] > pair["matters"]


def test_patience_does_not_matter_once_weights_are_restored(values: Values) -> None:
    stopping = values("overfitting/stopping.py")
    assert stopping["paired"]["patience 12 against 30"]["verdict"] == "no difference that matters"
    assert stopping["wobble"] < stopping["MATTERS"]
    assert stopping["restored"]["1"] < stopping["restored"]["12"] - stopping["MATTERS"]


@pytest.mark.parametrize("patience", ["1", "2"])
def test_with_little_patience_the_last_weights_do_slightly_better(
    values: Values, patience: str
) -> None:
    stopping = values("overfitting/stopping.py")
    ahead = stopping["not_restored"][patience] - stopping["restored"][patience]
    assert 0 < ahead < stopping["MATTERS"]
    restored = stopping["epochs_run"][patience] - int(patience)
    peaks = [epoch + 1 for epoch in stopping["by_test"][0]]
    assert restored < sum(peaks) / len(peaks) - 0.5, "restored too early"


def test_stopping_takes_less_than_half_of_the_epochs(values: Values) -> None:
    stopping = values("overfitting/stopping.py")
    assert stopping["epochs_run"]["12"] < stopping["EPOCHS"] / 2


def test_accuracy_and_loss_serve_alike_as_the_criterion(values: Values) -> None:
    pair = values("overfitting/stopping.py")["paired"]["accuracy as criterion against loss"]
    assert pair["verdict"] == "no difference that matters"


def test_choosing_the_epoch_on_the_test_set_flatters(values: Values) -> None:
    inflation = values("overfitting/stopping.py")["inflation"]
    assert inflation["low"] > 0
    assert inflation["mean"] > 0.002
    assert inflation["high"] < 0.02


def test_part_of_the_lead_of_choosing_on_the_test_set_is_real(values: Values) -> None:
    stopping = values("overfitting/stopping.py")
    assert stopping["better"] > 0.002
    rest = stopping["lead"] - stopping["better"]
    assert rest == pytest.approx(stopping["inflation"]["mean"], abs=1e-9)


@pytest.mark.parametrize(
    "name", ["more data", "weight decay", "dropout", "early stopping", "all three"]
)
def test_each_remedy_gains_more_than_what_matters(values: Values, name: str) -> None:
    pair = values("overfitting/together.py")["paired"][f"{name} against nothing"]
    assert pair["verdict"] == f"{name} better"
    assert pair["low"] > pair["matters"]


def test_more_data_gains_most(values: Values) -> None:
    pair = values("overfitting/together.py")["paired"]["more data against all three"]
    assert pair["verdict"] == "more data better"
    assert pair["low"] > pair["matters"]


def test_the_regularisers_gain_about_equally(values: Values) -> None:
    together = values("overfitting/together.py")
    assert together["apart"] < 0.03, "intervals end within what matters, or little beyond"
    means = [
        together["gain"][name]["mean"] for name in ("weight decay", "dropout", "early stopping")
    ]
    assert max(means) < 2 * min(means)


def test_the_gains_do_not_add_up(values: Values) -> None:
    together = values("overfitting/together.py")
    assert together["gain"]["all three"]["mean"] < 0.5 * together["separately"]
    pair = together["paired"]["all three against dropout and stopping"]
    assert pair["verdict"] == "no difference that matters"


@pytest.mark.parametrize("name", ["weight decay", "dropout", "early stopping"])
def test_with_correct_labels_no_regulariser_makes_a_difference(values: Values, name: str) -> None:
    pair = values("overfitting/clean.py")["paired"][name]
    assert pair["verdict"] == "no difference that matters"
    assert max(-pair["low"], pair["high"]) < pair["matters"]


def test_correct_labels_do_more_than_all_three_regularisers(values: Values) -> None:
    clean, together = (values(f"overfitting/{name}.py") for name in ("clean", "together"))
    assert clean["without"] > together["accuracy"]["all three"] + together["MATTERS"]
    assert clean["EPOCHS"] == together["EPOCHS"], "the same network, trained as long"


def test_the_sum_of_the_gains_is_out_of_reach(values: Values) -> None:
    together = values("overfitting/together.py")
    clean = values("overfitting/clean.py")["without"]
    assert together["accuracy"]["nothing"] + together["separately"] > clean + 0.02


def test_random_features_with_a_penalty_are_ahead_of_the_regularised_network(
    values: Values,
) -> None:
    penalty, together = (values(f"overfitting/{name}.py") for name in ("penalty", "together"))
    assert penalty["NOISE"] == together["NOISE"]
    assert penalty["IMAGES"] == together["TRAIN"]
    assert 1 - penalty["best_error"] > together["accuracy"]["all three"] + together["MATTERS"]


def test_with_correct_labels_early_stopping_loses_a_little(values: Values) -> None:
    assert values("overfitting/clean.py")["paired"]["early stopping"]["high"] < 0


def test_hardly_any_split_chooses_the_end_of_a_grid(values: Values) -> None:
    assert max(values("overfitting/together.py")["at_the_end_of_the_grid"].values()) <= 0.1


def test_choosing_on_the_test_set_flatters_all_three(values: Values) -> None:
    assert values("overfitting/together.py")["peeking"]["low"] > 0.005


@pytest.mark.parametrize("noise", ["0.0", "0.2"])
def test_error_peaks_where_features_equal_images(values: Values, noise: str) -> None:
    interpolation = values("overfitting/interpolation.py")
    test = interpolation["error"][noise]["test"]
    norm = interpolation["error"][noise]["norm"]
    assert max(test, key=test.get) == max(norm, key=norm.get) == str(interpolation["IMAGES"])
    assert next(iter(test.values())) > interpolation["valley"][noise] + 0.05, "it first falls"
    assert test["3200"] < interpolation["valley"][noise]
    assert interpolation["error"][noise]["training"]["3200"] == 0


def test_a_tuned_penalty_removes_the_peak(values: Values) -> None:
    error = values("overfitting/penalty.py")["error"]
    curve = list(error["1.0"].values())
    assert error["0.0"]["200"] > 0.7
    assert all(later < earlier + 0.01 for earlier, later in itertools.pairwise(curve))
    assert error["10.0"]["1600"] > error["1.0"]["1600"] + 0.03
