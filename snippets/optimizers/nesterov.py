"""Nesterov's momentum damps the swing that plain momentum makes in a narrow valley."""

import torch

CURVATURE = torch.tensor([1.0, 25.0]).double()
START, RATE, STEPS = torch.tensor([-10.0, 2.0]).double(), 0.03, 60


def distance(momentum, nesterov):
    w = START.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=RATE, momentum=momentum, nesterov=nesterov)
    for _ in range(STEPS):
        w.grad = CURVATURE * w.detach()
        optimizer.step()
    return w.detach().norm().item()


momenta = [0.8, 0.9, 0.95]
plain = {momentum: distance(momentum, nesterov=False) for momentum in momenta}
ahead = {momentum: distance(momentum, nesterov=True) for momentum in momenta}
print("| momentum | heavy ball: distance | Nesterov: distance |")
print("|---|---|---|")
for momentum in momenta:
    print(f"| {momentum} | {plain[momentum]:.1e} | {ahead[momentum]:.1e} |")
