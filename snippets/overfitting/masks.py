"""Each example trains a thinned network; the mean is kept, the variance grows."""

import matplotlib.pyplot as plt
import torch
from torch import nn

LAYERS, DRAWS = (4, 8, 8, 3), 200_000
CHANCES = (0.0, 0.2, 0.5, 0.8)
torch.manual_seed(2)
outputs = {p: nn.Dropout(p)(torch.ones(DRAWS, dtype=torch.float64)) for p in CHANCES}
mean = {p: output.mean().item() for p, output in outputs.items()}
variance = {p: output.var().item() for p, output in outputs.items()}
theory = {p: p / (1 - p) for p in CHANCES}

# %%
order = torch.randn(len(LAYERS), max(LAYERS)).argsort(1).argsort(1)
for p in CHANCES:
    figure, axes = plt.subplots(num=str(p), figsize=(6.4, 2.5), layout="constrained")
    places, kept = [], []
    for column, units in enumerate(LAYERS):
        hidden = 0 < column < len(LAYERS) - 1
        places.append([(column, row - (units - 1) / 2) for row in range(units)])
        kept.append([not hidden or order[column, row] >= p * units for row in range(units)])
    for column in range(len(LAYERS) - 1):
        x, y = [], []
        for start, alive in zip(places[column], kept[column], strict=True):
            for end, reached in zip(places[column + 1], kept[column + 1], strict=True):
                if alive and reached:
                    x += [start[0], end[0], float("nan")]
                    y += [start[1], end[1], float("nan")]
        axes.plot(x, y, color="C0", linestyle="-", linewidth=0.8, alpha=0.6)
    for alive, look in ((True, {"marker": "o", "s": 90}), (False, {"marker": "x", "s": 40})):
        chosen = [
            place
            for row, states in zip(places, kept, strict=True)
            for place, state in zip(row, states, strict=True)
            if state == alive
        ]
        if chosen:
            axes.scatter(*zip(*chosen, strict=True), color="C0" if alive else "0.6", **look)
    axes.set(xlim=(-0.3, 3.3), ylim=(-4.6, 4.2), yticks=[])
    axes.set_xticks(range(len(LAYERS)), ("input", "hidden", "hidden", "output"))
