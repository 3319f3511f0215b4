"""With a path around each layer Kaiming's start explodes, unless the branches are scaled down."""

import math

import matplotlib.pyplot as plt
import torch
from torch.nn import init

WIDTH, DEPTH, DRAWS = 64, 50, 20
CASES = {
    "Kaiming, s = 1": ("Kaiming", 1, 1.0),
    "default, s = 1": ("default", 1, 1.0),
    "Kaiming, s = 1/√50": ("Kaiming", 1, DEPTH**-0.5),
    "Kaiming, no path": ("Kaiming", 0, 1.0),
    "default, no path": ("default", 0, 1.0),
}
SLOPES = {"Kaiming": 0, "default": 5**0.5}


def sizes(start, path, scale):
    signal = torch.randn(DRAWS, 32, WIDTH, requires_grad=True)
    signals = [signal]
    for _ in range(DEPTH):
        weight = torch.stack([torch.empty(WIDTH, WIDTH) for _ in range(DRAWS)])
        for part in weight:
            init.kaiming_uniform_(part, a=SLOPES[start])
        branch = torch.relu(signals[-1]) @ weight.mT
        signals.append(path * signals[-1] + scale * branch)
    probe = torch.randn(DRAWS, 32, WIDTH)
    (gradient,) = torch.autograd.grad((signals[-1] * probe).sum(), signals[:1])
    rms = torch.stack([part.detach().square().mean((1, 2)).sqrt() for part in signals])
    return rms.median(1).values.tolist(), gradient.square().mean((1, 2)).sqrt().median().item()


torch.manual_seed(0)
size, last, gradient = {}, {}, {}
print(f"| network | signal after {DEPTH} layers | gradient at the input |\n|---|---|---|")
for case, settings in CASES.items():
    size[case], gradient[case] = sizes(*settings)
    last[case] = size[case][-1]
    print(f"| {case} | {last[case]:.2g} | {gradient[case]:.2g} |")
magnitude = math.log10(last["Kaiming, s = 1"])
digits = len(f"{last['Kaiming, s = 1']:.0f}")

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.8))
for case, part in size.items():
    axes.semilogy(range(DEPTH + 1), part, label=case)
axes.set(xlabel="layer", ylabel="root mean square of the signal", ylim=(1e-22, 1e22))
axes.legend(loc="upper left", ncols=2)
