"""Given (N, 1) against (N,), some losses refuse, some warn, and some stay silent."""

import warnings

import torch
from torch import nn

prediction = torch.linspace(0.2, 0.8, 4).reshape(4, 1)
target = torch.tensor([0.0, 1.0, 1.0, 0.0])
LOSSES = (
    nn.L1Loss,
    nn.MSELoss,
    nn.HuberLoss,
    nn.SmoothL1Loss,
    nn.GaussianNLLLoss,
    nn.PoissonNLLLoss,
    nn.KLDivLoss,
    nn.HingeEmbeddingLoss,
    nn.BCELoss,
    nn.BCEWithLogitsLoss,
    nn.SoftMarginLoss,
)


def outcome(loss):
    arguments = [prediction, target]
    if loss is nn.GaussianNLLLoss:
        arguments.append(torch.ones(4, 1))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            terms = loss(reduction="none")(*arguments)
        except (ValueError, RuntimeError) as error:
            return "refuses", type(error).__name__
    warned = any("target size" in str(w.message) for w in caught)
    return ("warns" if warned else "is silent"), f"{tuple(terms.shape)}"


outcomes = {loss.__name__: outcome(loss) for loss in LOSSES}
silent = [name for name, (said, _) in outcomes.items() if said == "is silent"]
warned = [name for name, (said, _) in outcomes.items() if said == "warns"]
refused = [name for name, (said, _) in outcomes.items() if said == "refuses"]
counts = {"silent": len(silent), "warned": len(warned), "refused": len(refused)}
tried = len(outcomes)
print("| loss | outcome | terms or error |")
print("|---|---|---|")
for name, (verdict, detail) in outcomes.items():
    print(f"| `{name}` | {verdict} | `{detail}` |")
