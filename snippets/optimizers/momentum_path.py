"""Momentum speeds up until it overshoots; at a small rate more of it helps."""

import matplotlib.pyplot as plt
import torch

CURVATURE = torch.tensor([1.0, 25.0])
START = torch.tensor([-10.0, 2.0])
RATES, RATE, STEPS = (0.03, 0.06, 0.1), 0.06, 60


def descend(rate, momentum):
    w = START.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=rate, momentum=momentum)
    path = [w.detach().clone()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        (0.5 * (CURVATURE * w**2).sum()).backward()
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


momenta = [0.0, 0.4, 0.6, 0.8, 0.9, 1.0]
paths = {(rate, momentum): descend(rate, momentum) for rate in RATES for momentum in momenta}
distances = {
    f"{rate}": {momentum: paths[rate, momentum][-1].norm().item() for momentum in momenta}
    for rate in RATES
}
distance = distances[f"{RATE}"]
lowest = {rate: min(found, key=found.get) for rate, found in distances.items()}
best = min(distance, key=distance.get)
flat = {momentum: paths[RATE, momentum][10, 0].abs().item() for momentum in momenta}
beyond = {momentum: paths[RATE, momentum][:, 0].max().item() for momentum in momenta}
for rate, momentum in lowest.items():
    print(f"rate {rate}: nearest after {STEPS} steps with momentum {momentum}")
print(f"rate {RATE}, momentum 0.9: overshoots by {beyond[0.9]:.1f}")

# %%
ticks = torch.linspace(-11, 11, 80), torch.linspace(-4, 4, 80)
a, b = torch.meshgrid(*ticks, indexing="xy")
loss = 0.5 * (CURVATURE[0] * a**2 + CURVATURE[1] * b**2)
for (rate, momentum), path in paths.items():
    figure, (left, right) = plt.subplots(
        1, 2, num=f"{rate}, {momentum}", figsize=(6.4, 3.0), width_ratios=(3, 2)
    )
    left.contour(a, b, loss, levels=8, colors="0.8", linewidths=0.8)
    left.plot(*path.clamp(-50, 50).T, color="C0", marker=".", linewidth=1)
    left.plot(0, 0, marker="+", color="black")
    left.set(xlim=(-11, 11), ylim=(-4, 4), xlabel="$w_1$ (flat)", ylabel="$w_2$ (steep)")
    size = path.abs().clamp(1e-9, 1e3)
    right.semilogy(size[:, 0], color="C2", linestyle="-", label="$|w_1|$")
    right.semilogy(size[:, 1], color="C1", linestyle="--", label="$|w_2|$")
    right.set(xlabel="step", ylim=(1e-7, 1e2), xlim=(0, 60))
    right.legend(loc="lower left")
