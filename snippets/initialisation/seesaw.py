"""Layer by layer the signal shrinks, its gradient grows, the weights' stays."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

WIDTH, DEPTH = 64, 10

digits = load_digits()
images = torch.tensor(digits.data[:300] / digits.data[:300].std(), dtype=torch.float32)
labels = torch.tensor(digits.target[:300])

torch.manual_seed(1)
layers = [nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(DEPTH)]
head = nn.Linear(WIDTH, 10, bias=False)
signals = [images]
for layer in layers:
    signals.append(F.relu(layer(signals[-1])))
    signals[-1].retain_grad()
F.cross_entropy(head(signals[-1]), labels).backward()

fields = {
    "signal": [signal.detach() for signal in signals[1:]],
    "gradient of the signal": [signal.grad for signal in signals[1:]],
    "gradient of the weights": [layer.weight.grad for layer in layers],
}
size = {
    name: [tensor.square().mean().sqrt().item() for tensor in field]
    for name, field in fields.items()
}
change = {name.replace(" ", "_"): sizes[-1] / sizes[0] for name, sizes in size.items()}

# %%
for depth in range(1, DEPTH + 1):
    figure, axes = plt.subplots(num=f"{depth}", figsize=(6.4, 3.4))
    for index, (name, field) in enumerate(fields.items()):
        values = field[depth - 1]
        exponents = values[values != 0].abs().log10().numpy()
        axes.hist(
            exponents,
            bins=40,
            range=(-9, 1),
            density=True,
            histtype="stepfilled",
            color=f"C{index}",
            alpha=0.5,
            label=name,
        )
    axes.set(xlabel="$\\log_{10}$ of the absolute value", ylabel="density")
    axes.set(xlim=(-9, 1), ylim=(0, 1.7))
    close = {"columnspacing": 1, "handlelength": 1}
    axes.legend(fontsize=9, loc="upper center", ncols=3, **close)
