"""As the right logit turns, the slope of the loss is its probability minus one."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

OTHERS = (1.0, -1.0)
TURNS = (-4, -3, -2, -1, 0, 1, 2, 4, 6)
target = torch.tensor([0])


def measure(turn):
    logits = torch.tensor([[turn, *OTHERS]], dtype=torch.float64, requires_grad=True)
    loss = F.cross_entropy(logits, target)
    loss.backward()
    return logits.detach().softmax(1)[0], loss.item(), logits.grad[0]


states = {turn: measure(float(turn)) for turn in TURNS}
sweep = torch.linspace(-4.5, 6.5, 111, dtype=torch.float64)
curve = [measure(turn)[1] for turn in sweep]
onehot = torch.tensor([1.0, 0.0, 0.0])
gap = max((grad - (p - onehot)).abs().max().item() for p, loss, grad in states.values())
powers = torch.tensor([0.0, *OTHERS], dtype=torch.float64).exp().tolist()
total = sum(powers)
sums = max(abs(grad.sum().item()) for p, loss, grad in states.values())

# %%
reach = torch.tensor([-1.2, 1.2])
for turn, (p, loss, grad) in states.items():
    figure, (axes, bars) = plt.subplots(1, 2, num=str(turn), figsize=(6.4, 3.2))
    axes.plot(sweep, curve, color="C0", linestyle="-")
    axes.plot(turn + reach, loss + grad[0] * reach, color="C1", linestyle="--")
    axes.plot(turn, loss, "o", color="C1")
    axes.set(xlim=(-5, 7), ylim=(-0.5, 6.5))
    axes.set(xlabel="logit of the right class", ylabel="loss")
    bars.bar([-0.2, 0.8, 1.8], p.tolist(), 0.4, color="C0", label="softmax")
    look = {"color": "C1", "hatch": "//"}
    bars.bar([0.2, 1.2, 2.2], grad.tolist(), 0.4, label="gradient", **look)
    bars.axhline(0, color="0.5", linewidth=0.8)
    bars.set_ylim(-1.05, 1.35)
    bars.set_xticks([0, 1, 2], ["right", "wrong 1", "wrong 2"])
    bars.legend(loc="upper right", ncols=2, fontsize=9)
