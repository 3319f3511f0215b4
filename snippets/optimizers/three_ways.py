"""In a narrow valley momentum needs far fewer steps than SGD; Adam, tuned as well, does not."""

import matplotlib.pyplot as plt
import torch

CURVATURE = torch.tensor([1.0, 25.0]).double()
MOMENTUM = 0.6
START, NEAR, LIMIT = torch.tensor([-2.0, 0.5]).double(), 0.02, 150
KINDS = {
    "SGD": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": MOMENTUM}),
    "Adam": (torch.optim.Adam, {}),
}
RATES = [0.01 * 1.25**power for power in range(18)]


def descend(kind, rate, settings):
    w = START.clone().requires_grad_()
    optimizer = kind([w], lr=rate, **settings)
    path = [START]
    for _ in range(LIMIT):
        w.grad = CURVATURE * w.detach()
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


def steps_needed(path):
    """The last step that is still away from the minimum, plus one."""
    return (path.norm(dim=1) > NEAR).nonzero()[-1].item() + 1


paths, steps, place = {}, {}, {}
for name, (kind, settings) in KINDS.items():
    tried = [descend(kind, rate, settings) for rate in RATES]
    needed = [steps_needed(path) for path in tried]
    steps[name] = min(needed)
    place[name] = needed.index(steps[name])
    paths[name] = tried[place[name]]
count = len(RATES)
print("| optimizer | best rate | steps |")
print("|---|---|---|")
for name in KINDS:
    print(f"| {name} | {RATES[place[name]]:.2f} | {steps[name]} |")

# %%
ticks = torch.linspace(-2.2, 0.6, 80).double(), torch.linspace(-0.7, 0.7, 60).double()
a, b = torch.meshgrid(*ticks, indexing="xy")
figure, axes = plt.subplots(figsize=(6.4, 3.4))
height = (CURVATURE[0] * a**2 + CURVATURE[1] * b**2).sqrt()
axes.contour(a, b, height, levels=8, colors="0.85", linewidths=0.8)
for name, path in paths.items():
    axes.plot(*path[:30].T, marker=".", linewidth=1, label=name)
axes.plot(0, 0, marker="+", color="black", markersize=12)
axes.set(xlabel="$w_1$ (flat)", ylabel="$w_2$ (steep)")
axes.legend(loc="lower right", ncols=3)
