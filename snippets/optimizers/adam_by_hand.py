"""Adam and AdamW written from their formulas are torch's."""

import torch
from sklearn.datasets import load_diabetes

x, y = (torch.tensor(part) for part in load_diabetes(return_X_y=True, scaled=False))
x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()


class HandAdam:
    decoupled = False

    def __init__(self, params, lr, weight_decay, betas=(0.9, 0.999), eps=1e-8, amsgrad=False):
        self.params = list(params)
        self.lr, self.betas, self.eps = lr, betas, eps
        self.weight_decay, self.amsgrad = weight_decay, amsgrad
        self.m = [torch.zeros_like(w) for w in self.params]
        self.v = [torch.zeros_like(w) for w in self.params]
        self.peak = [torch.zeros_like(w) for w in self.params]
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        beta1, beta2 = self.betas
        for w, m, v, peak in zip(self.params, self.m, self.v, self.peak, strict=True):
            g = w.grad.clone()
            if self.decoupled:
                w.sub_(self.lr * self.weight_decay * w)
            else:
                g += self.weight_decay * w
            m.copy_(beta1 * m + (1 - beta1) * g)
            v.copy_(beta2 * v + (1 - beta2) * g**2)
            peak.copy_(torch.maximum(peak, v))
            m_hat = m / (1 - beta1**self.t)
            v_hat = (peak if self.amsgrad else v) / (1 - beta2**self.t)
            w.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


class HandAdamW(HandAdam):
    decoupled = True


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
    {"betas": (0.5, 0.9)},
    {"eps": 1e-2},
    {"weight_decay": 0.1},
    {"amsgrad": True},
]
differences = []
print("within 1e-10 of torch.optim after 100 steps:")
for hand, library in ((HandAdam, torch.optim.Adam), (HandAdamW, torch.optim.AdamW)):
    for chosen in settings:
        setting = {"weight_decay": 0, **chosen}
        gap = (train(hand, **setting) - train(library, **setting)).abs().max().item()
        differences.append(gap)
        words = ", ".join(f"{name}={value}" for name, value in chosen.items())
        print(f"{gap <= 1e-10}  {library.__name__:5}  {words or 'no decay'}")
largest = max(differences)
