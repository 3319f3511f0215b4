"""Adam with L2 ends at ridge regression, AdamW in a box of 1/decay."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

x, y = (torch.tensor(part) for part in load_diabetes(return_X_y=True, scaled=False))
x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
hessian, slope = x.T @ x / len(x), x.T @ y / len(x)
STEPS, BETAS = 2000, (0.9, 0.99)


def train(kind, decay):
    w = torch.zeros(10).double().requires_grad_()
    optimizer = kind([w], lr=0.02, betas=BETAS, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 1 / (1 + t / 100))
    for _ in range(STEPS):
        w.grad = hessian @ w.detach() - slope
        optimizer.step()
        schedule.step()
    return w.detach()


def ridge(decay):
    return torch.linalg.solve(hessian + decay * torch.eye(10).double(), slope)


def boxed(decay, steps=3000):
    w = torch.zeros(10).double()
    for _ in range(steps):
        w = (w - 0.2 * (hessian @ w - slope)).clamp(-1 / decay, 1 / decay)
    return w


decays = [0.1, 1.0, 2.0, 3.0, 5.0, 10.0]
adam = {decay: train(torch.optim.Adam, decay) for decay in decays}
adamw = {decay: train(torch.optim.AdamW, decay) for decay in decays}
to_ridge = {d: (adam[d] - ridge(d)).abs().max().item() for d in decays}
to_box = {d: (adamw[d] - boxed(d)).abs().max().item() for d in decays}
where = max(to_box, key=to_box.get)
farthest = to_box[where]
largest = {decay: w.abs().max().item() for decay, w in adamw.items()}
for decay, w in largest.items():
    print(
        f"decay {decay:4g}: Adam at ridge: {to_ridge[decay] < 0.01};"
        f" largest of AdamW {w:.2f}, box {1 / decay:.2f}"
    )
print(f"AdamW from the best weights in the box: at most {farthest:.2f}")

# %%
for decay in decays:
    layout = {"num": f"{decay:g}", "figsize": (6.4, 3.0), "sharey": True}
    figure, (left, right) = plt.subplots(1, 2, **layout)
    left.bar(range(10), adam[decay].numpy(), color="C0")
    left.plot(ridge(decay), "_", color="black", markersize=10, label="ridge")
    left.set(title="Adam, L2", ylabel="weight", xlabel="feature", ylim=(-0.6, 0.75))
    left.legend(loc="upper left")
    right.bar(range(10), adamw[decay].numpy(), color="C1")
    right.plot(boxed(decay), "_", color="black", markersize=10, label="best in box")
    right.axhline(-1 / decay, color="0.5", linestyle="--")
    right.axhline(1 / decay, color="0.5", linestyle="--")
    right.set(title="AdamW", xlabel="feature")
    right.legend(loc="upper left")
