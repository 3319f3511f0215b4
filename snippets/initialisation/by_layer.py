"""Which layer gets the small gradient depends on the activation and on the size of the weights."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

WIDTH, DEPTH, DRAWS = 64, 10, 20
CASES = {
    "sigmoid, Xavier": (torch.sigmoid, nn.init.xavier_normal_),
    "tanh, default": (torch.tanh, None),
    "ReLU, default": (torch.relu, None),
    "tanh, std 1": (torch.tanh, nn.init.normal_),
    "ReLU, default biases": (torch.relu, None),
}

digits = load_digits()
images = torch.tensor(digits.data[:300], dtype=torch.float32)
images = (images - images.mean()) / images.std()
labels = torch.tensor(digits.target[:300])


def gradients(activation, fill, bias):
    layers = [nn.Linear(WIDTH, WIDTH, bias=bias) for _ in range(DEPTH)]
    layers.append(nn.Linear(WIDTH, 10, bias=bias))
    for layer in layers if fill else []:
        fill(layer.weight)
    signal = images
    for layer in layers[:-1]:
        signal = activation(layer(signal))
    F.cross_entropy(layers[-1](signal), labels).backward()
    return torch.stack([layer.weight.grad.square().mean().sqrt() for layer in layers[:-1]])


torch.manual_seed(0)
size, change = {}, {}
print("| network | layer 1 | layer 10 | layer 1 / layer 10 |\n|---|---|---|---|")
for case, (activation, fill) in CASES.items():
    drawn = torch.stack([gradients(activation, fill, "biases" in case) for _ in range(DRAWS)])
    size[case] = drawn.log().mean(0).exp().tolist()
    change[case] = size[case][0] / size[case][-1]
    print(f"| {case} | {size[case][0]:.0e} | {size[case][-1]:.0e} | {change[case]:.0e} |")
ratio = change["tanh, std 1"]
direction = "larger" if ratio > 10 else "smaller" if ratio < 0.1 else "about equal"
per_layer = change["sigmoid, Xavier"] ** (1 / (DEPTH - 1))

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.8))
for case, sizes in size.items():
    axes.semilogy(range(1, DEPTH + 1), sizes, marker=".", label=case)
axes.set(xlabel="layer", ylabel="gradient of the weights", ylim=(1e-9, 1e5))
axes.set_xticks((1, 4, 7, 10))
axes.legend(loc="upper right", ncols=2)
