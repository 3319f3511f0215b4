"""Label smoothing gives the margin a finite best value; training comes near it."""

import math

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

data = load_digits()
images = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target)
CLASSES, AMOUNTS = 10, (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4)
margins = torch.linspace(0, 24, 241, dtype=torch.float64)
ladder = torch.zeros(len(margins), CLASSES, dtype=torch.float64)
ladder[:, 0] = margins
zeros = torch.zeros(len(margins), dtype=torch.long)


def train(amount):
    """Each image's own logit minus the mean of the nine others, after training."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels, label_smoothing=amount).backward()
        optimizer.step()
    logits = model(images).detach()
    own = logits.gather(1, labels.unsqueeze(1)).squeeze(1)
    return own - (logits.sum(1) - own) / (CLASSES - 1)


curves, targets, floors, trained = {}, {}, {}, {}
for amount in AMOUNTS:
    options = {"reduction": "none", "label_smoothing": amount}
    curves[amount] = F.cross_entropy(ladder, zeros, **options)
    right, wrong = 1 - amount + amount / CLASSES, amount / CLASSES
    targets[amount] = math.log(right / wrong) if amount else math.inf
    ideal = torch.tensor([right] + [wrong] * (CLASSES - 1))
    floors[amount] = torch.special.entr(ideal).sum().item()
    trained[amount] = train(amount)
medians = {amount: trained[amount].median().item() for amount in AMOUNTS}
for amount in AMOUNTS:
    print(
        f"smoothing {amount:<4}: floor {floors[amount]:.3f},"
        f" best margin {targets[amount]:5.2f}, after training {medians[amount]:4.1f}"
    )

# %%
for amount, curve in curves.items():
    layout = {"num": f"{amount:g}", "figsize": (6.4, 4.2), "sharex": True}
    figure, (top, bottom) = plt.subplots(2, 1, **layout)
    top.plot(margins, curve, color="C0", linestyle="-")
    top.set(ylabel="loss", xlim=(0, 24), ylim=(0, 3.2))
    bottom.hist(trained[amount], bins=torch.linspace(0, 24, 97).tolist(), color="C2")
    bottom.set(xlabel="margin of the right logit", ylabel="images", ylim=(0, 700))
    if amount:
        for axes in (top, bottom):
            axes.axvline(targets[amount], color="C1", linestyle="--")
