"""Minibatch SGD by hand finds the weights that made the data, and so does torch.optim.SGD."""

import torch
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
truth = torch.tensor([2.0, -3.0, 0.5], dtype=torch.float64)
X = torch.randn(1000, 3, dtype=torch.float64)
y = X @ truth + 0.1 * torch.randn(1000, dtype=torch.float64)  # data of which we know the answer
epochs, size, rate = 5, 32, 0.1
orders = [torch.randperm(len(X)) for _ in range(epochs)]  # every epoch is shuffled anew

w = torch.zeros(3, dtype=torch.float64)
for order in orders:
    for i in order.split(size):  # the indices of one minibatch
        error = X[i] @ w - y[i]
        gradient = X[i].T @ error / len(i)  # of half the mean squared error
        w = w - rate * gradient

v = torch.zeros(3, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([v], lr=rate)
for order in orders:
    for inputs, targets in DataLoader(TensorDataset(X, y), size, sampler=order.tolist()):
        optimizer.zero_grad()
        (mse_loss(inputs @ v, targets) / 2).backward()
        optimizer.step()

apart = (w - v).abs().max().item()
off = (w - truth).abs().max().item()
for name, weights in (("truth", truth), ("by hand", w), ("by torch", v)):
    print(f"{name:8}:", *(f"{weight:5.2f}" for weight in weights.tolist()))
print("by hand and by torch the same up to rounding:", apart < 1e-12)
