"""Ten ReLU layers keep a signal only if the variance is 2/fan_in."""

import math

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn import functional as F
from torch.nn import init

WIDTH, DEPTH, DRAWS = 64, 10, 200

pixels = torch.tensor(load_digits().data[:64], dtype=torch.float32)
images = pixels / pixels.square().mean().sqrt()
starts = {
    "std 1": (init.normal_, {}),
    "std 0.01": (init.normal_, {"std": 0.01}),
    "default": (init.kaiming_uniform_, {"a": math.sqrt(5)}),
    "Xavier": (init.xavier_normal_, {}),
    "Kaiming": (init.kaiming_normal_, {"nonlinearity": "relu"}),
    "orthogonal": (init.orthogonal_, {"gain": math.sqrt(2)}),
}
names = {"std 1": "one", "std 0.01": "small"}


def passed(fill, options):
    signal, sizes, spread = images.expand(DRAWS, -1, -1), [torch.ones(DRAWS)], []
    for _ in range(DEPTH):
        drawn = [fill(torch.empty(WIDTH, WIDTH), **options) for _ in range(DRAWS)]
        weight = torch.stack(drawn)
        spread.append(weight.square().mean())
        signal = F.relu(signal @ weight.mT)
        sizes.append(signal.square().mean((1, 2)).sqrt())
    return torch.stack(sizes), math.sqrt(WIDTH * torch.stack(spread).mean().item() / 2)


torch.manual_seed(0)
theory, factor, typical, signal, last, power = {}, {}, {}, {}, {}, {}
heads = "√(fan_in·Var/2)", "mean over draws", "typical draw", "after 10 layers"
print("| start |", " | ".join(heads), "|\n|---|---|---|---|---|")
for start, (fill, options) in starts.items():
    name = names.get(start, start)
    signal[name], theory[name] = passed(fill, options)
    factor[name] = signal[name][-1].square().mean().item() ** (0.5 / DEPTH)
    typical[name] = signal[name][-1].log().mean().div(DEPTH).exp().item()
    last[name] = signal[name][-1].median().item()
    power[name] = theory[name] ** DEPTH
    factors = (f"{part[name]:.2g}" for part in (theory, factor, typical))
    print(f"| {start} |", " | ".join(factors), f"| {last[name]:.0e} |")
magnitude = math.log10(last["one"])
digits = len(f"{last['one']:.0f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.8))
places = {"orthogonal": 0.8, "Kaiming": -0.35}
for start in starts:
    size = signal[names.get(start, start)].median(1).values
    axes.semilogy(range(DEPTH + 1), size, marker=".")
    height = size[-1].item() * 10 ** places.get(start, 0)
    axes.text(DEPTH + 0.2, height, start, verticalalignment="center")
axes.set(xlabel="layer", ylabel="root mean square of the signal", xlim=(0, 12.6))
axes.set_xticks(range(0, 11, 2))
