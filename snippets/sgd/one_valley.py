"""Too small a rate creeps, a fitting one arrives, too large a one flies out of the valley."""

import matplotlib.pyplot as plt
import torch

steps, start = 5, -1.0
rates = {"too small": 0.1, "right": 0.6, "too large": 2.2}
paths = {}
for name, rate in rates.items():
    w = start
    paths[name] = [w]
    for _ in range(steps):
        slope = w  # the derivative of the loss w ** 2 / 2
        w = w - rate * slope
        paths[name].append(w)
end = {name: path[-1] for name, path in paths.items()}

# %%
figure, panels = plt.subplots(1, 3, figsize=(4.6, 1.5), sharey=True, layout="constrained")
valley = torch.linspace(-2.7, 2.7, 60)
for axes, (name, path) in zip(panels, paths.items(), strict=True):
    w = torch.tensor(path)
    axes.plot(valley, valley**2 / 2, "-", color="0.8")
    axes.plot(w, w**2 / 2, "-o", color="C0", markersize=4, linewidth=1)
    axes.plot(start, start**2 / 2, "o", color="black")
    axes.set(title=f"{name}: {rates[name]}", xticks=[], yticks=[])
