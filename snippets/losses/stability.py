"""In float32 the textbook formula breaks down; log_softmax keeps six digits."""

import matplotlib.pyplot as plt
import torch

extreme = torch.tensor([1000.0, 0.0, -1000.0])
naive = -(extreme.exp() / extreme.exp().sum()).log()
stable = -extreme.log_softmax(0)
print("naive:      ", naive.tolist())
print("log_softmax:", stable.tolist())

gaps = torch.linspace(-120, 120, 121, dtype=torch.float64)
shifts = torch.linspace(-120, 120, 121, dtype=torch.float64)
pair = torch.broadcast_tensors(gaps + shifts[:, None], shifts[:, None])
logits = torch.stack(pair, -1)
truth = -logits.log_softmax(-1)[..., 0]
single = logits.float()
METHODS = {
    "exp, sum, log": -(single.exp()[..., 0] / single.exp().sum(-1)).log(),
    "softmax, log": -single.softmax(-1).log()[..., 0],
    "log_softmax": -single.log_softmax(-1)[..., 0],
}
errors, broken, wrong = {}, {}, {}
for name, value in METHODS.items():
    errors[name] = (value - truth).abs() / truth.clamp(min=1)
    broken[name] = (~value.isfinite()).double().mean().item()
    wrong[name] = 1 - (errors[name] <= 1e-3).double().mean().item()
worst = errors["log_softmax"].max().item()
for name in METHODS:
    print(f"{name}: {broken[name]:.0%} not finite, {wrong[name]:.0%} off by over 0.1 %")

# %%
figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.4), sharey=True, layout="constrained")
for axes, name in zip(panels, ("exp, sum, log", "log_softmax"), strict=True):
    digits = -errors[name].clamp(1e-8, 1).nan_to_num(1.0).log10()
    field = axes.imshow(digits.numpy(), cmap="viridis", vmin=0, vmax=8, origin="lower")
    axes.grid(visible=False)
    axes.set(title=name, xlabel="logit gap")
    axes.set_xticks([0, 60, 120], [-120, 0, 120])
panels[0].set_ylabel("common shift")
panels[0].set_yticks([0, 60, 120], [-120, 0, 120])
figure.colorbar(field, ax=panels, shrink=0.8).ax.set_title("digits")
