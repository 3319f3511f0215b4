"""Multiplying the loss changes SGD completely and Adam hardly at all."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

pixels, digit = load_digits(return_X_y=True)
x = torch.tensor(pixels / 16, dtype=torch.float32)
y = torch.tensor(digit)
KINDS = {"SGD": (torch.optim.SGD, 0.3), "Adam": (torch.optim.Adam, 0.01)}


def train(name, scale, steps=60):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    kind, rate = KINDS[name]
    optimizer = kind(model.parameters(), lr=rate)
    losses = []
    for _ in range(steps):
        batch = torch.randint(len(x), (64,))
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        optimizer.zero_grad()
        (scale * loss).backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


scales = [1000.0, 10.0, 1.0, 0.1, 1e-3, 1e-5, 1e-7, 1e-9]
losses = {scale: {name: train(name, scale) for name in KINDS} for scale in scales}
last = {
    scale: {name: sum(loss[-10:]) / 10 for name, loss in pair.items()}
    for scale, pair in losses.items()
}
print("loss times   " + "".join(f"{name:>10}" for name in KINDS))
for scale, pair in last.items():
    print(f"{scale:<13g}" + "".join(f"{loss:10.2g}" for loss in pair.values()))

# %%
for scale, pair in losses.items():
    figure, axes = plt.subplots(num=f"{scale:g}")
    for name, loss in pair.items():
        axes.semilogy(torch.tensor(loss).clamp(max=90), label=name)
    axes.axhline(torch.tensor(10.0).log(), color="0.6", linestyle=":")
    axes.set(xlabel="step", ylabel="loss before scaling", ylim=(0.1, 100), xlim=(0, 60))
    axes.legend(loc="upper right")
