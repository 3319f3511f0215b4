"""The best rate shrinks both directions alike; past 2/L the steep one grows."""

import matplotlib.pyplot as plt
import torch

CURVATURE = torch.tensor([1.0, 25.0])
START = torch.tensor([-10.0, 2.0])


def descend(rate, steps=40):
    w = START.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=rate)
    path = [w.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        (0.5 * (CURVATURE * w**2).sum()).backward()
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


limit = 2 / CURVATURE[1].item()
best_rate = 2 / CURVATURE.sum().item()
rates = [0.01, 0.02, 0.04, 0.06, 0.07, best_rate, 0.079, limit, 0.081]
paths = {rate: descend(rate) for rate in rates}
distance = {rate: path[-1].norm().item() for rate, path in paths.items()}
print("rate   distance at the end")
for rate in rates:
    print(f"{rate:.3f} {distance[rate]:9.3f}")

# %%
ticks = torch.linspace(-11, 3, 80), torch.linspace(-4, 4, 80)
a, b = torch.meshgrid(*ticks, indexing="xy")
loss = 0.5 * (CURVATURE[0] * a**2 + CURVATURE[1] * b**2)
for rate, path in paths.items():
    figure, (left, right) = plt.subplots(
        1, 2, num=f"{rate:.3f}", figsize=(6.4, 3.0), width_ratios=(3, 2)
    )
    left.contour(a, b, loss, levels=8, colors="0.8", linewidths=0.8)
    left.plot(*path.T, color="C0", marker=".", linewidth=1)
    left.plot(0, 0, marker="+", color="black")
    left.set(xlabel="$w_1$ (flat)", ylabel="$w_2$ (steep)", xlim=(-11, 3), ylim=(-4, 4))
    size = path.abs().clamp(min=1e-9)
    right.semilogy(size[:, 0], color="C2", linestyle="-", label="$|w_1|$")
    right.semilogy(size[:, 1], color="C1", linestyle="--", label="$|w_2|$")
    right.set(xlabel="step", ylim=(1e-5, 1e2), xlim=(0, 40))
    right.legend(loc="lower left")
