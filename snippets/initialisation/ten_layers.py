"""Ten ReLU layers keep a signal only if the variance is 2/fan_in."""

import math

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn import functional as F
from torch.nn import init

WIDTH, DEPTH, DRAWS = 64, 10, 100

pixels = torch.tensor(load_digits().data[:64], dtype=torch.float32)
images = (pixels / pixels.square().mean().sqrt()).expand(DRAWS, -1, -1)
starts = {
    "std 1": (init.normal_, {}),
    "std 0.01": (init.normal_, {"std": 0.01}),
    "default": (init.kaiming_uniform_, {"a": math.sqrt(5)}),
    "Xavier": (init.xavier_normal_, {}),
    "Kaiming": (init.kaiming_normal_, {"nonlinearity": "relu"}),
    "orthogonal": (init.orthogonal_, {"gain": math.sqrt(2)}),
}
names = {"std 1": "one", "std 0.01": "small"}


def size(signal):
    return signal.square().mean((1, 2)).sqrt()


def passed(fill, options):
    signal, signals = images.clone().requires_grad_(), []
    spread = []
    for _ in range(DEPTH):
        signals.append(signal)
        drawn = [fill(torch.empty(WIDTH, WIDTH), **options) for _ in range(DRAWS)]
        weight = torch.stack(drawn)
        spread.append(weight.square().mean())
        signal = F.relu(signal @ weight.mT)
    signals.append(signal)
    probe = torch.randn(DRAWS, 64, WIDTH)
    gradients = torch.autograd.grad((signal * probe).sum(), signals)
    forward = torch.stack([size(signal.detach()) for signal in signals])
    backward = torch.stack([size(gradient) for gradient in gradients])
    return forward, backward, math.sqrt(WIDTH * torch.stack(spread).mean().item() / 2)


torch.manual_seed(0)
theory, factor, typical, forward, backward = {}, {}, {}, {}, {}
heads = "√(fan_in·Var/2)", "mean over draws", "typical draw", "after 10 layers"
print("| start |", " | ".join(heads), "|\n|---|---|---|---|---|")
for start, (fill, options) in starts.items():
    name = names.get(start, start)
    forward[name], backward[name], theory[name] = passed(fill, options)
    mean_square = forward[name].square().mean(1)
    factor[name] = (mean_square[-1] / mean_square[0]).item() ** (0.5 / DEPTH)
    growth = forward[name][-1] / forward[name][0]
    typical[name] = growth.log().mean().div(DEPTH).exp().item()
    factors = (f"{part[name]:.3g}" for part in (theory, factor, typical))
    last = forward[name][-1].median().item()
    print(f"| {start} |", " | ".join(factors), f"| {last:.1e} |")

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.8))
for start in starts:
    name = names.get(start, start)
    for axes, field in zip(panels, (forward, backward), strict=True):
        middle = field[name].median(1).values
        axes.semilogy(range(DEPTH + 1), middle, label=start, marker=".")
panels[0].set(xlabel="layer", ylabel="signal, root mean square")
panels[0].set_xticks((0, 5, 10))
panels[1].set(xlabel="layer", ylabel="its gradient", xticks=(0, 5, 10))
shown = panels[0].get_legend_handles_labels()
figure.legend(*shown, loc="outside upper center", ncols=3, fontsize=9)
