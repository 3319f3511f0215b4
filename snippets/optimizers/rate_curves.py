"""The best rate depends on the optimizer and is mostly far from its default."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

SEEDS, STEPS, BATCH = 16, 80, 64
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
KINDS = {
    "SGD": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "RMSprop": (torch.optim.RMSprop, {}),
    "Adam": (torch.optim.Adam, {}),
    "AdamW": (torch.optim.AdamW, {}),
}
pixels, digit = load_digits(return_X_y=True)
order = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(0))
x = torch.tensor(pixels / 16, dtype=torch.float32)[order]
y = torch.tensor(digit)[order]


def losses(weights, images, labels):
    w1, b1, w2, b2 = weights
    logits = (images @ w1 + b1).relu() @ w2 + b2
    picked = logits.log_softmax(-1).gather(-1, labels[..., None])
    return -picked.mean((-2, -1))


def validation_loss(kind, rate, settings):
    generator = torch.Generator().manual_seed(0)
    shapes = [(64, 64, 64), (64, 1, 64), (64, 64, 10), (64, 1, 10)]
    weights = [
        torch.rand(SEEDS, *shape, generator=generator).mul(2).sub(1).div(fan_in**0.5)
        for fan_in, *shape in shapes
    ]
    weights = [part.requires_grad_() for part in weights]
    optimizer = kind(weights, lr=rate, **settings)
    for _ in range(STEPS):
        batch = torch.randint(1000, (SEEDS, BATCH), generator=generator)
        optimizer.zero_grad()
        losses(weights, x[batch], y[batch]).sum().backward()
        optimizer.step()
    with torch.no_grad():
        held_out = x[1000:1400], y[1000:1400].expand(SEEDS, -1)
        return losses(weights, *held_out).mean().item()


curves = {
    name: {rate: validation_loss(kind, rate, settings) for rate in RATES}
    for name, (kind, settings) in KINDS.items()
}
idle = {name: kind([torch.zeros(1)]) for name, (kind, _) in KINDS.items()}
default = {name: optimizer.defaults["lr"] for name, optimizer in idle.items()}
best = {name: min(curve, key=curve.get) for name, curve in curves.items()}
at_default = {name: curve[default[name]] for name, curve in curves.items()}
at_best = {name: curve[best[name]] for name, curve in curves.items()}
print("validation loss   default rate        best rate")
for name, rate in best.items():
    start = f"{name:15} {at_default[name]:6.2f} ({default[name]:5g})"
    print(f"{start} {at_best[name]:8.2f} ({rate:5g})")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.8))
for index, (name, curve) in enumerate(curves.items()):
    look = {"color": f"C{index}", "marker": "osv^D"[index]}
    axes.loglog(RATES, list(curve.values()), mfc="none", label=name, **look)
    axes.scatter(default[name], at_default[name], s=60, zorder=3, **look)
axes.set(xlabel="learning rate (filled: the default)", ylabel="validation loss")
axes.set_ylim(0.08, 20)
axes.legend(loc="upper center", ncols=3)
