"""SGD written from its formula is torch.optim.SGD."""

import torch
from sklearn.datasets import load_diabetes

x, y = (torch.tensor(part) for part in load_diabetes(return_X_y=True, scaled=False))
x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()


class HandSGD:
    def __init__(self, params, lr, momentum=0, dampening=0, nesterov=False, weight_decay=0):
        self.params = list(params)
        self.velocities = [None] * len(self.params)
        self.lr, self.momentum, self.dampening = lr, momentum, dampening
        self.nesterov, self.weight_decay = nesterov, weight_decay

    @torch.no_grad()
    def step(self):
        for index, w in enumerate(self.params):
            g = w.grad + self.weight_decay * w
            v = self.velocities[index]
            v = g.clone() if v is None else self.momentum * v + (1 - self.dampening) * g
            self.velocities[index] = v
            w.sub_(self.lr * (g + self.momentum * v if self.nesterov else v))


def train(kind, steps=100, **settings):
    w = torch.ones(10, dtype=torch.float64, requires_grad=True)
    optimizer = kind([w], lr=0.05, **settings)
    for _ in range(steps):
        w.grad = None
        torch.mean((x @ w - y) ** 2).backward()
        optimizer.step()
    return w.detach()


settings = [
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "dampening": 0.5},
    {"momentum": 0.9, "nesterov": True},
    {"momentum": 0.9, "weight_decay": 0.1},
]
pairs = [(train(HandSGD, **s), train(torch.optim.SGD, **s)) for s in settings]
differences = [(ours - theirs).abs().max() for ours, theirs in pairs]
largest = max(differences).item()
print("within 1e-10 of torch.optim.SGD after 100 steps:")
for setting, difference in zip(settings, differences, strict=True):
    words = ", ".join(f"{name}={value}" for name, value in setting.items())
    print(f"{difference.item() <= 1e-10}  {words or 'defaults'}")
