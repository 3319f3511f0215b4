"""Six lines of minibatch SGD by hand end where DataLoader and torch.optim.SGD end."""

import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

digits = load_digits()
X, y = torch.tensor(digits.data / 16), torch.tensor(digits.target)
epochs, size, rate = 3, 32, 0.5
torch.manual_seed(0)
orders = [torch.randperm(len(X)) for _ in range(epochs)]

w = torch.zeros(64, 10, dtype=torch.float64, requires_grad=True)
for order in orders:
    for i in order.split(size):
        cross_entropy(X[i] @ w, y[i]).backward()
        with torch.no_grad():
            w -= rate * w.grad
        w.grad = None

v = torch.zeros(64, 10, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([v], lr=rate)
for order in orders:
    for inputs, labels in DataLoader(TensorDataset(X, y), size, sampler=order.tolist()):
        optimizer.zero_grad()
        cross_entropy(inputs @ v, labels).backward()
        optimizer.step()

same = torch.equal(w, v)
final = cross_entropy(X @ w, y).item()
print(f"loss {final:.2f}; by hand and by torch the same weights: {same}")
