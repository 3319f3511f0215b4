"""With eps outside the root ours is torch's Adam; with eps inside it is not."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

x, y = (torch.tensor(part) for part in load_diabetes(return_X_y=True, scaled=False))
x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()


def gradient(w):
    return 2 * x.T @ (x @ w - y) / len(x)


def by_hand(eps, inside, steps=100, rate=0.05):
    w = torch.ones(10).double()
    m, v = torch.zeros(2, 10).double()
    path = []
    for t in range(1, steps + 1):
        g = gradient(w)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        w = w - rate * m_hat / ((v_hat + eps).sqrt() if inside else v_hat.sqrt() + eps)
        path.append(w)
    return torch.stack(path)


def by_torch(eps, steps=100, rate=0.05):
    w = torch.ones(10).double().requires_grad_()
    optimizer = torch.optim.Adam([w], lr=rate, eps=eps)
    path = []
    for _ in range(steps):
        w.grad = gradient(w.detach())
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


gaps = {
    (place, eps): (by_hand(eps, place == "inside") - by_torch(eps)).abs().amax(1)
    for place in ("outside", "inside")
    for eps in (1e-8, 1e-2)
}
outside = max(gaps["outside", eps].max().item() for eps in (1e-8, 1e-2))
inside = {eps: gaps["inside", eps].max().item() for eps in (1e-8, 1e-2)}
print(f"eps outside the root: equal to 1e-10: {outside <= 1e-10}")
for eps, gap in inside.items():
    print(f"eps={eps:g} inside the root: largest difference {gap:.1e}")

# %%
figure, axes = plt.subplots()
for (place, eps), gap in gaps.items():
    axes.semilogy(range(1, 101), gap.clamp(min=1e-17), label=f"{place}, eps {eps:g}")
axes.set(xlabel="step", ylabel="largest difference to torch", ylim=(1e-20, 1))
axes.legend(ncols=2, loc="lower right")
