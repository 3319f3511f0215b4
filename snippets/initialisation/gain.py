"""Signal and gradient both balance at the gain sqrt(2), 50 ReLU layers deep."""

import math

import matplotlib.pyplot as plt
import torch
from torch.nn import functional as F

WIDTH, DEPTH, DRAWS = 100, 50, 4
GAINS = (1.0, 1.1, 1.2, 1.3, math.sqrt(2), 1.5, 1.6, 1.7, 1.8)


def passed(gain):
    torch.manual_seed(1)
    signal = torch.randn(DRAWS, 32, WIDTH, requires_grad=True)
    signals = [signal]
    for _ in range(DEPTH):
        weight = torch.randn(DRAWS, WIDTH, WIDTH) * gain / math.sqrt(WIDTH)
        signals.append(F.relu(signals[-1] @ weight.mT))
    probe = torch.randn(DRAWS, 32, WIDTH)
    gradients = torch.autograd.grad((signals[-1] * probe).sum(), signals)
    fields = torch.stack(signals).detach(), torch.stack(gradients)
    return [field.square().mean((2, 3)).sqrt() for field in fields]


runs = {f"{gain:.3g}": passed(gain) for gain in GAINS}
forward = {gain: signal[-1].median().item() for gain, (signal, _) in runs.items()}
backward = {gain: gradient[0].median().item() for gain, (_, gradient) in runs.items()}

# %%
for gain, fields in runs.items():
    figure, panels = plt.subplots(1, 2, num=gain, figsize=(6.4, 3.2), sharey=True)
    for axes, field, name in zip(panels, fields, ("signal", "gradient"), strict=True):
        for draw in field.T:
            axes.semilogy(range(DEPTH + 1), draw, "C0-", linewidth=1)
        layers = torch.arange(DEPTH + 1)
        steps = layers if name == "signal" else DEPTH - layers
        axes.semilogy(layers, (float(gain) / math.sqrt(2)) ** steps, "C1--")
        axes.set(title=name, xlabel="layer", ylim=(1e-9, 1e6))
    panels[0].set(ylabel="root mean square")
