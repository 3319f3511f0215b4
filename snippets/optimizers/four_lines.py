"""Without zero_grad the loss falls faster at first, then never settles."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

pixels, digit = load_digits(return_X_y=True)
x = torch.tensor(pixels / 16, dtype=torch.float32)
y = torch.tensor(digit)
RATE, STEPS, TARGET, LAST = 0.3, 200, 0.5, 50


def train(forget):
    torch.manual_seed(0)
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
    with torch.no_grad():
        final = nn.functional.cross_entropy(model(x), y).item()
    return losses, final


with_zero, final_with = train(forget=False)
without_zero, final_without = train(forget=True)
reached_with = next(step for step, loss in enumerate(with_zero) if loss < TARGET)
reached_without = next(step for step, loss in enumerate(without_zero) if loss < TARGET)
late_without = sum(without_zero[-LAST:]) / LAST
print(f"              loss < {TARGET} at step   loss at the end")
print(f"with zero_grad {reached_with:14} {final_with:17.1f}")
print(f"without        {reached_without:14} {final_without:17.1f}")

# %%
figure, axes = plt.subplots()
axes.plot(with_zero, label="with zero_grad")
axes.plot(without_zero, label="without")
axes.axhline(torch.tensor(10.0).log(), color="0.6", linestyle=":")
axes.text(0, 2.4, "guessing: ln 10", color="0.5")
axes.set(xlabel="step", ylabel="minibatch loss", ylim=(0, 4))
axes.legend()
