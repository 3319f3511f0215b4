"""Without zero_grad the loss falls faster at first, then never settles."""

import math

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

pixels, digit = load_digits(return_X_y=True)
x = torch.tensor(pixels / 16, dtype=torch.float32)
y = torch.tensor(digit)
SEEDS, RATE, STEPS, TARGET, LAST = 6, 0.3, 200, 1.0, 50


def train(seed, forget):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    losses = []
    for _ in range(STEPS):
        batch = torch.randint(len(x), (64,))
        if not forget:
            optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def reached(losses):
    return next(step for step, loss in enumerate(losses, 1) if loss < TARGET)


kept = [train(seed, forget=False) for seed in range(SEEDS)]
forgotten = [train(seed, forget=True) for seed in range(SEEDS)]
sooner = sum(reached(b) < reached(a) for a, b in zip(kept, forgotten, strict=True))
late = [sum(losses[-LAST:]) / LAST for losses in forgotten]
good = [sum(losses[-LAST:]) / LAST for losses in kept]
speedup = sum(map(reached, kept)) / sum(map(reached, forgotten))
start = "faster" if sooner > SEEDS / 2 else "slower"
print(f"without zero_grad, {SEEDS} seeds:")
print(f"  reaches loss {TARGET} sooner: {sooner}, about {speedup:.0f} times")
print(f"mean loss of the last {LAST} steps, guessing has {math.log(10):.1f}:")
print(f"  without {sum(late) / SEEDS:.0f}, with {sum(good) / SEEDS:.1f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.4))
axes.plot(kept[0], label="with zero_grad")
axes.plot(forgotten[0], label="without")
axes.axhline(math.log(10), color="0.6", linestyle=":", label="guessing: ln 10")
axes.set(xlabel="step", ylabel="minibatch loss", ylim=(0, 6))
axes.legend(loc="upper left")
