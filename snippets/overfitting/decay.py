"""Decay shrinks the weights; accuracy on new images rises, peaks and falls."""

import matplotlib.pyplot as plt
import torch
from scipy.stats import ttest_rel
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, BATCH, NOISE, RATE, MATTERS = 20, 60, 50, 0.2, 1e-2, 0.02
DECAYS = (0.0, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0)
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)])
given = torch.where(torch.rand(order.shape) < NOISE, torch.randint(10, order.shape), labels[order])
test, train, given = order[:, :700], order[:, 800:1000], given[:, 800:1000]
SETTINGS = [(decay, 1.0) for decay in DECAYS] + [(1.0, 0.0)]
test, train, given = (rows.repeat(len(SETTINGS), 1) for rows in (test, train, given))
decay, biases = torch.tensor(SETTINGS).repeat_interleave(SPLITS, 0).T[:, :, None, None]

parameters = [
    ((torch.rand(SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5).repeat(len(SETTINGS), 1, 1)
    for fan_in, fan_out in ((64, 64), (64, 10))
    for rows in (fan_in, 1)
]
parameters = [part.requires_grad_() for part in parameters]
optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0, fused=True)


def forward(index):
    weight, bias, last_weight, last_bias = parameters
    hidden = torch.baddbmm(bias, images[index], weight).relu()
    return torch.baddbmm(last_bias, hidden, last_weight)


for _ in range(EPOCHS):
    shuffled = torch.rand(SPLITS, 200).argsort(1).repeat(len(SETTINGS), 1)
    for batch in shuffled.split(BATCH, 1):
        logits, y = forward(train.take_along_dim(batch, 1)), given.take_along_dim(batch, 1)
        optimizer.zero_grad()
        (len(train) * cross_entropy(logits.flatten(0, 1), y.flatten())).backward()
        with torch.no_grad():  # what AdamW does, with a strength for each network
            for part in parameters:
                part.mul_(1 - RATE * decay * (biases if part.shape[1] == 1 else 1))
        optimizer.step()

with torch.no_grad():
    right = (forward(test).argmax(-1) == labels[test]).double().mean(1).view(-1, SPLITS)
    fits = (forward(train).argmax(-1) == given).double().mean(1).view(-1, SPLITS)
squares = sum(part.detach().square().sum((1, 2)) for part in parameters).view(-1, SPLITS)
accuracy, fit, norm = (
    dict(zip(DECAYS, rows.mean(1).tolist(), strict=False)) for rows in (right, fits, squares)
)
steps = EPOCHS * 200 // BATCH
force = RATE * 0.01 * steps

# %%
rows = dict(zip(SETTINGS, right, strict=True))
pairs = {
    "0.01 against 0": (rows[0.01, 1.0], rows[0.0, 1.0]),
    "biases decayed against spared": (rows[1.0, 1.0], rows[1.0, 0.0]),
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
weights = parameters[0].detach().view(len(SETTINGS), -1)
for row, value in enumerate(DECAYS):
    figure, (left, right) = plt.subplots(
        1, 2, num=f"{value:g}", figsize=(6.4, 3.2), layout="constrained"
    )
    left.hist(weights[row], bins=torch.linspace(-1, 1, 41), density=True, color="C0")
    left.set(xlabel="weight, first layer", ylabel="density", xlim=(-1, 1), ylim=(0, 8))
    right.plot(fit.values(), "C0-", label="training")
    right.plot(accuracy.values(), "C1--", label="new images")
    right.plot([row] * 2, [fit[value], accuracy[value]], "o", color="black")
    right.set(xlabel=r"weight decay $\lambda$", ylabel="accuracy", ylim=(0, 1.03))
    right.set_xticks(range(len(DECAYS)), [f"{decay:g}" for decay in DECAYS])
    right.legend(loc="lower left")
