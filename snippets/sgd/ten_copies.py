"""On ten copies GD pays ten times as much for the same path; SGD pays no more."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy, one_hot

digits = load_digits()
S = torch.tensor(digits.data / 16), torch.tensor(digits.target)
tenfold = S[0].repeat(10, 1), S[1].repeat(10)
n, goal, runs = len(S[0]), 0.5, 10
rate = {"GD": 1.0, "SGD": 0.1}


def gradient(w, X, y):
    return X.T @ ((X @ w).softmax(1) - one_hot(y, 10)) / len(X)


def descend(X, y):
    w, losses = torch.zeros(64, 10, dtype=torch.float64), []
    while not losses or losses[-1] > goal:
        losses.append(cross_entropy(X @ w, y).item())
        w = w - rate["GD"] * gradient(w, X, y)
    return losses


def sample(X, y, picks, every=10):
    w, losses = torch.zeros(64, 10, dtype=torch.float64), []
    while not losses or losses[-1] > goal:
        losses.append(cross_entropy(S[0] @ w, S[1]).item())
        for i in picks[:every]:
            w = w - rate["SGD"] * gradient(w, X[i, None], y[i, None])
        picks = picks[every:]
    return losses, w, every * (len(losses) - 1)


torch.manual_seed(0)
w = torch.randn(64, 10, dtype=torch.float64)
gap = (gradient(w, *S) - gradient(w, *tenfold)).abs().max().item()
full = {"S": descend(*S), "10xS": descend(*tenfold)}
steps = {data: len(losses) - 1 for data, losses in full.items()}
price = {"S": n * steps["S"], "10xS": 10 * n * steps["10xS"]}
ratio = price["10xS"] / price["S"]
print(f"gradients on S and 10xS differ by less than 1e-14: {gap < 1e-14}")
for data in full:
    print(f"GD on {data:5}: {steps[data]} steps, {price[data]} gradients")

picks = torch.randint(10 * n, (2 * runs, 2000))
single = {
    "S": [sample(*S, row % n) for row in picks[:runs]],
    "10xS": [sample(*tenfold, row) for row in picks[runs:]],
}
bill = {}
for data, ran in single.items():
    bill[data] = torch.tensor([run[2] for run in ran]).float()
cost = {data: bill[data].mean().item() for data in bill}
share = cost["S"] / n
spread = {data: bill[data].std().item() for data in bill}
for data in bill:
    print(f"SGD on {data:4}: {cost[data]:.0f} +- {spread[data]:.0f} gradients")
twin = torch.equal(sample(*S, picks[-1] % n)[1], single["10xS"][-1][1])
print("same examples, same weights to the last bit:", twin)

# %%
looks = {"S": ("C0", "C2", "-"), "10xS": ("C1", "C3", "--")}
sizes = {"S": n, "10xS": 10 * n}
layout = {"figsize": (6.4, 3.2), "layout": "constrained"}
figure, (left, right) = plt.subplots(1, 2, sharey=True, **layout)
for data, (color, other, line) in looks.items():
    losses = single[data][0][0][1:]
    x = torch.arange(1, len(full[data]))
    ten = 10 * torch.arange(1, len(losses) + 1)
    for axes, unit in ((left, 1), (right, sizes[data])):
        axes.semilogx(x * unit, full[data][1:], line, color=color, label=f"GD, {data}")
        axes.semilogx(ten, losses, line, color=other, label=f"SGD, {data}")
for axes in (left, right):
    axes.axhline(goal, color="0.7")
left.set(xlabel="steps", ylabel="loss on $S$")
right.set(xlabel="gradients of one example")
lines = left.get_legend_handles_labels()
figure.legend(*lines, loc="outside upper center", ncols=4)
