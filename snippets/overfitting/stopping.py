"""With the best weights restored patience costs only time; without it, accuracy."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, BATCH, NOISE, MATTERS = 100, 60, 50, 0.2, 0.02
PATIENCES, PATIENCE = (1, 2, 3, 5, 8, 12, 20, 30), 12
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
given = torch.where(torch.rand(order.shape) < NOISE, torch.randint(10, order.shape), labels[order])
test, validation, train, spare = order.split([700, 100, 200, 797], 1)
_, given_validation, given_train, _ = given.split([700, 100, 200, 797], 1)

parameters = [
    ((torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5).requires_grad_()
    for fan_in, fan_out in ((64, 64), (64, 10))
    for rows in (fan_in, 1)
]
optimizer = torch.optim.AdamW(parameters, lr=1e-2, weight_decay=0, fused=True)


def forward(index):
    weight, bias, last_weight, last_bias = parameters
    hidden = torch.baddbmm(bias, images[index], weight).relu()
    return torch.baddbmm(last_bias, hidden, last_weight)


@torch.no_grad()
def measure(index, y):
    logits = torch.cat([forward(part) for part in index.split(100, 1)], 1)  # less memory
    loss = cross_entropy(logits.transpose(1, 2), y, reduction="none").mean(1)
    return loss, (logits.argmax(-1) == y).double().mean(1)


history = []
for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        logits, y = forward(train.take_along_dim(batch, 1)), given_train.take_along_dim(batch, 1)
        optimizer.zero_grad()
        (SPLITS * cross_entropy(logits.flatten(0, 1), y.flatten())).backward()
        optimizer.step()
    new = [measure(index, labels[index])[1] for index in (test, spare)]
    history.append((*measure(validation, given_validation), *new))
loss, score, accuracy, untouched = map(torch.stack, zip(*history, strict=True))


def stop(scores, patience):
    best = 0
    for epoch, score in enumerate(scores):
        if score > scores[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best, epoch


def stopped(scores, patience):
    pairs = torch.tensor([stop(column, patience) for column in scores.T.tolist()]).T
    return pairs, accuracy.gather(0, pairs)


stops, ends = {}, {}
for patience in PATIENCES:
    stops[patience], ends[patience] = stopped(score, patience)
restored, not_restored = (
    {patience: rows[k].mean().item() for patience, rows in ends.items()} for k in (0, 1)
)
epochs_run = {patience: rows[1].double().mean().item() + 1 for patience, rows in stops.items()}
plateau = [restored[patience] for patience in PATIENCES if patience >= 5]
wobble = max(plateau) - min(plateau)
final = accuracy[-1].mean().item()
by_score, by_loss = ends[PATIENCE][0], stopped(-loss, PATIENCE)[1][0]
by_test, by_validation = accuracy.argmax(0)[None], score.argmax(0)[None]
reported, honest = accuracy.gather(0, by_test)[0], untouched.gather(0, by_test)[0]
chosen_fairly = untouched.gather(0, by_validation)[0]
lead, better = reported - accuracy.gather(0, by_validation)[0], honest - chosen_fairly
low, high = map(float, ttest_rel(lead, better).confidence_interval())
inflation = {"mean": (low + high) / 2, "low": low, "high": high}
lead, better = lead.mean().item(), better.mean().item()
print("| patience | epochs run | restored | last weights |\n|---|---|---|---|")
for patience in PATIENCES:
    print(f"| {patience} | {epochs_run[patience]:.0f} | {restored[patience]:.2f}", end="")
    print(f" | {not_restored[patience]:.2f} |")

# %%
pairs = {
    "stopping against training to the end": (by_score, accuracy[-1]),
    "restoring against the last weights": tuple(ends[20]),
    "patience 12 against 30": (by_score, ends[30][0]),
    "accuracy as criterion against loss": (by_score, by_loss),
}
paired = {}
print("| comparison | mean difference | 95 % interval | runs | matters from | verdict |")
print("|---|---|---|---|---|---|")
for name, (one, other) in pairs.items():
    low, high = map(float, ttest_rel(one, other).confidence_interval())
    mean, first, second = (one - other).mean().item(), *name.split(" against ")
    verdict = f"{first if low > 0 else second} better" if low * high > 0 else "cannot tell"
    if low > -MATTERS and high < MATTERS:
        verdict = "no difference that matters"
    paired[name] = {"mean": mean, "low": low, "high": high, "runs": SPLITS, "matters": MATTERS}
    paired[name] |= {"verdict": verdict}
    print(f"| {name} | {mean:+z.3f} | {low:+z.3f} to {high:+z.3f}", end="")
    print(f" | {SPLITS} | {MATTERS} | {verdict} |")

# %%
epochs = torch.arange(1, EPOCHS + 1)
for patience in PATIENCES:
    figure, (left, right) = plt.subplots(
        1, 2, num=str(patience), figsize=(6.4, 3.4), layout="constrained"
    )
    for network, (best, last) in enumerate(stops[patience].T[:2].tolist()):
        scores, colour = score[:, network], f"C{network}"
        left.plot(epochs, scores, color="0.75", linestyle="-", linewidth=0.8)
        left.plot(epochs[: last + 1], scores[: last + 1], color=colour, linestyle="-")
        left.plot(last + 1, scores[last], "x", color=colour, markersize=9)
        left.plot(best + 1, scores[best], "o", color=colour)
    left.plot([], [], "o", color="0.4", label="best")
    left.plot([], [], "x", color="0.4", label="stop")
    left.set(xlabel="epoch", ylabel="validation accuracy", xlim=(0, 61), ylim=(0.2, 0.9))
    left.legend(loc="lower right")
    right.plot(PATIENCES, restored.values(), "C0-", label="restored")
    right.plot(PATIENCES, not_restored.values(), "C1--", label="last weights")
    right.plot([patience] * 2, [restored[patience], not_restored[patience]], "o", color="black")
    right.set(xlabel="patience", ylabel="test accuracy", ylim=(0.7, 0.9))
    right.legend(loc="lower left")
