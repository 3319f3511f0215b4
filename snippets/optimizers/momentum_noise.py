"""Pushed by noise alone, momentum 0.9 acts as a ten times larger rate."""

import matplotlib.pyplot as plt
import torch

COUNT, STEPS = 2000, 600
SETTINGS = {
    "momentum": {"lr": 0.01, "momentum": 0.9},
    "tenfold": {"lr": 0.1, "momentum": 0.0},
    "plain": {"lr": 0.01, "momentum": 0.0},
}


def spreads(**settings):
    torch.manual_seed(0)
    w = torch.zeros(COUNT, requires_grad=True)
    optimizer = torch.optim.SGD([w], **settings)
    spread = []
    for _ in range(STEPS):
        w.grad = w.detach() + torch.randn(COUNT)
        optimizer.step()
        spread.append(w.std().item())
    return spread


curves = {name: spreads(**settings) for name, settings in SETTINGS.items()}
print("standard deviation of the iterates")
level = {name: sum(curve[-200:]) / 200 for name, curve in curves.items()}
for name, spread in level.items():
    print(f"{name:8} {spread:.3f}")

# %%
figure, axes = plt.subplots()
for name, curve in curves.items():
    rate, momentum = SETTINGS[name].values()
    axes.plot(curve, label=f"rate {rate}, momentum {momentum}")
axes.set(xlabel="step", ylabel="standard deviation of $w$", ylim=(0, 0.3))
axes.legend(loc="center right")
