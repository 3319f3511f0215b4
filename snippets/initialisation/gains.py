"""torch's gains keep a normal signal for ReLU, and are rules of thumb beyond."""

import torch
from torch import nn
from torch.nn import functional as F

z = torch.linspace(-12, 12, 24001, dtype=torch.float64)
density = torch.exp(-(z**2) / 2)
density /= density.sum()
functions = {
    "linear": lambda z: z,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "selu": F.selu,
    "gelu": F.gelu,
}
recommended, keeping = {}, {}
print("| nonlinearity | `calculate_gain` | 1/√E[f(z)²] |\n|---|---|---|")
for name, function in functions.items():
    keeping[name] = (density * function(z) ** 2).sum().rsqrt().item()
    try:
        recommended[name] = float(nn.init.calculate_gain(name))
        shown = f"{recommended[name]:.4f}"
    except ValueError:
        shown = "`ValueError`"
    print(f"| `{name}` | {shown} | {keeping[name]:.4f} |")
