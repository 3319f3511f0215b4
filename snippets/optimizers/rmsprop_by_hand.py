"""RMSprop written from its formula is torch.optim.RMSprop."""

import torch
from sklearn.datasets import load_diabetes

x, y = (torch.tensor(part) for part in load_diabetes(return_X_y=True, scaled=False))
x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()


class HandRMSprop:
    def __init__(self, params, lr, alpha=0.99, eps=1e-8, momentum=0, centered=False):
        self.params = list(params)
        self.lr, self.alpha, self.eps = lr, alpha, eps
        self.momentum, self.centered = momentum, centered
        self.squares = [torch.zeros_like(w) for w in self.params]
        self.means = [torch.zeros_like(w) for w in self.params]
        self.velocities = [torch.zeros_like(w) for w in self.params]

    @torch.no_grad()
    def step(self):
        averages = self.squares, self.means, self.velocities
        for w, s, m, v in zip(self.params, *averages, strict=True):
            g = w.grad
            s.copy_(self.alpha * s + (1 - self.alpha) * g**2)
            m.copy_(self.alpha * m + (1 - self.alpha) * g)
            spread = s - m**2 if self.centered else s
            v.copy_(self.momentum * v + g / (spread.sqrt() + self.eps))
            w.sub_(self.lr * v)


def train(kind, steps=100, **settings):
    w = torch.ones(10, dtype=torch.float64, requires_grad=True)
    optimizer = kind([w], lr=0.01, **settings)
    for _ in range(steps):
        w.grad = None
        torch.mean((x @ w - y) ** 2).backward()
        optimizer.step()
    return w.detach()


settings = [
    {},
    {"alpha": 0.9},
    {"momentum": 0.9},
    {"centered": True},
    {"centered": True, "momentum": 0.9, "eps": 1e-2},
]
pairs = [(train(HandRMSprop, **s), train(torch.optim.RMSprop, **s)) for s in settings]
differences = [(ours - theirs).abs().max() for ours, theirs in pairs]
largest = max(differences).item()
print("within 1e-10 of torch.optim.RMSprop after 100 steps:")
for setting, difference in zip(settings, differences, strict=True):
    words = ", ".join(f"{name}={value}" for name, value in setting.items())
    print(f"{difference.item() <= 1e-10}  {words or 'defaults'}")
