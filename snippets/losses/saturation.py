"""The surer a wrong answer, the weaker MSE pulls; cross-entropy's pull grows to one."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

LOSSES = {
    "cross-entropy": F.binary_cross_entropy_with_logits,
    "MSE of sigmoid": lambda z, y, **options: F.mse_loss(z.sigmoid(), y, **options),
}
logits = torch.linspace(-12, 6, 361, dtype=torch.float64)
CONFIDENTLY_WRONG = -10.0


def pull(loss, logits):
    """How hard gradient descent pulls each logit towards label 1."""
    z = logits.clone().requires_grad_()
    total = loss(z, torch.ones_like(z), reduction="sum")
    (slope,) = torch.autograd.grad(total, z)
    return -slope


pulls = {name: pull(loss, logits) for name, loss in LOSSES.items()}
spot = torch.tensor([CONFIDENTLY_WRONG], dtype=torch.float64)
at_wrong = {name: pull(loss, spot).item() for name, loss in LOSSES.items()}
ratio = at_wrong["cross-entropy"] / at_wrong["MSE of sigmoid"]
strongest = logits[pulls["MSE of sigmoid"].argmax()].item()
for name, value in at_wrong.items():
    print(f"{name}: pull {value:.2g} at logit {CONFIDENTLY_WRONG:g}")
print(f"ratio {ratio:,.0f}; MSE pulls hardest at logit {strongest:.2f}")

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2))
for axes, scale in zip(panels, ("linear", "log"), strict=True):
    for name, curve in pulls.items():
        axes.plot(logits, curve, label=name)
    axes.set(xlabel="logit, label 1", yscale=scale)
panels[0].set_ylabel("pull on the logit")
panels[1].legend(loc="lower center", fontsize=9)
