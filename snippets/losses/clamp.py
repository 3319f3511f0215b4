"""Past logit 17 a sigmoid rounds to 1: BCELoss says 100 and its slope is gone."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

LOGITS = torch.linspace(-10, 40, 401)
METHODS = {
    "BCEWithLogitsLoss": F.binary_cross_entropy_with_logits,
    "BCELoss(sigmoid)": lambda z, y, **o: F.binary_cross_entropy(z.sigmoid(), y, **o),
}


def measure(method, logits, label):
    """Loss and slope at each logit."""
    z = logits.clone().requires_grad_()
    terms = method(z, torch.full_like(z, label), reduction="none")
    (slope,) = torch.autograd.grad(terms.sum(), z)
    return terms.detach(), slope


points = torch.tensor([16.0, 17.0, 20.0])
curves = {name: measure(method, LOGITS, 0.0) for name, method in METHODS.items()}
spots = {name: measure(method, points, 0.0) for name, method in METHODS.items()}
terms = {name: loss.tolist() for name, (loss, _) in spots.items()}
slopes = {name: slope.tolist() for name, (_, slope) in spots.items()}
print("label 0, logits", points.tolist())
for name in METHODS:
    print(f"{name}: loss", *(f"{t:.1f}" for t in terms[name]), end="; ")
    print("slope", *(f"{s:.1f}" for s in slopes[name]))

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2))
for name, curve in curves.items():
    for axes, quantity in zip(panels, curve, strict=True):
        axes.plot(LOGITS, quantity, label=name)
panels[0].set(xlabel="logit, label 0", ylabel="loss", ylim=(-5, 150))
panels[1].set(xlabel="logit, label 0", ylabel="slope")
panels[0].legend(loc="upper left", fontsize=9)
