"""tanh: small weights let the signal die out, large ones saturate it."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

WIDTH, DEPTH, LIMIT = 64, 10, 0.99
STDS = (0.03, 0.06, 0.09, 0.125, 0.16, 0.21, 0.3, 0.5, 1.0)

pixels = torch.tensor(load_digits().data[:300], dtype=torch.float32)
images = (pixels - pixels.mean()) / pixels.std()


def layers(std):
    torch.manual_seed(0)
    signal, outputs = images, []
    for _ in range(DEPTH):
        weight = torch.nn.init.normal_(torch.empty(WIDTH, WIDTH), std=std)
        signal = torch.tanh(signal @ weight.T)
        outputs.append(signal)
    return outputs


outputs = {std: layers(std) for std in STDS}
saturated, second, spread = {}, {}, {}
for std, out in outputs.items():
    saturated[std] = (out[-1].abs() > LIMIT).float().mean().item()
    second[std], spread[std] = out[1].std().item(), out[-1].std().item()

# %%
bins = 41
centres = torch.linspace(-1, 1, bins)
for std, out in outputs.items():
    figure, axes = plt.subplots(num=f"{std}", figsize=(6.4, 4.2))
    for layer, signal in enumerate(out, start=1):
        height = torch.histc(signal, bins, -1.025, 1.025)
        base = DEPTH - layer
        ridge = base + 1.6 * height / height.max()
        look = {"facecolor": "C0", "edgecolor": "black", "alpha": 0.6}
        axes.fill_between(centres, base, ridge, zorder=layer, **look)
    axes.set(xlabel="activation", ylabel="layer")
    axes.set(xlim=(-1.05, 1.05), ylim=(-0.2, DEPTH + 0.9))
    axes.set_yticks(range(DEPTH), range(DEPTH, 0, -1))
