"""Ten layers deep the default stays at chance with SGD; with Adam it is late."""

import math

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

DEPTH, WIDTH, BATCH, STEPS = 10, 32, 64, 500
RATES = {
    "default, SGD": 0.1,
    "default, Adam": 0.01,
    "Kaiming, SGD": 0.01,
    "Kaiming, Adam": 0.01,
}

digits = load_digits()
labels = torch.tensor(digits.target)
shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
train, _, test = shuffled.split([1000, 400, 397])
pixels = torch.tensor(digits.data, dtype=torch.float32)
images = (pixels - pixels[train].mean()) / pixels[train].std()


def losses(start, method, rate):
    torch.manual_seed(0)
    model = nn.Sequential()
    for inputs in [64] + [WIDTH] * (DEPTH - 1):
        model.extend([nn.Linear(inputs, WIDTH), nn.ReLU()])
    model.append(nn.Linear(WIDTH, 10))
    for layer in model[::2] if start == "Kaiming" else []:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    with torch.no_grad():
        spread = model(images[test]).std(0).mean().item()
    options = {"momentum": 0.9} if method == "SGD" else {}
    optimizer = getattr(torch.optim, method)
    optimizer = optimizer(model.parameters(), lr=rate, **options)
    curve = []
    for _ in range(STEPS):
        rows = train[torch.randint(len(train), (BATCH,))]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        curve.append(loss.item())
    hits = model(images[test]).argmax(1) == labels[test]
    return curve, spread, hits.float().mean().item()


curves, accuracy, steps, difference = {}, {}, {}, {}
for name, rate in RATES.items():
    curves[name], spread, final = losses(*name.split(", "), rate)
    key = name.replace(", ", "_")
    smooth = torch.tensor(curves[name]).unfold(0, 10, 1).mean(1)
    low = (smooth < 1).nonzero()
    steps[key] = low[0].item() if len(low) else math.inf
    accuracy[key], difference[key] = final, spread
    reached = f"after {steps[key]} steps" if len(low) else "never"
    print(f"{name:13}: loss below 1 {reached}, test accuracy {final:.2f}")

# %%
figure, axes = plt.subplots()
for name, curve in curves.items():
    axes.plot(torch.tensor(curve).unfold(0, 10, 1).mean(1), label=name)
axes.axhline(math.log(10), color="0.5", linewidth=1, linestyle=":")
axes.set(xlabel="step", ylabel="training loss", ylim=(0, 2.6))
axes.legend(fontsize=9)
