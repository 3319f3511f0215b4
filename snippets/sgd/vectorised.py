"""A step on 256 examples at once takes far less time than 256 steps on one example."""

import statistics
import time

import torch
from sklearn.datasets import load_digits
from torch import nn

digits = load_digits()
X, y = torch.tensor(digits.data / 16).float(), torch.tensor(digits.target)
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
loss = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)


def seconds(size, steps=60, repeats=5):
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        for step in range(steps):
            i = slice(step, step + size)
            optimizer.zero_grad()
            loss(model(X[i]), y[i]).backward()
            optimizer.step()
        times.append((time.perf_counter() - began) / steps)
    return statistics.median(times)


seconds(1)
one, many = seconds(1), seconds(256)
ratio = 256 * one / many
answer = next(text for bound, text in ((8, "8 times"), (2, "twice"), (0, "same")) if ratio > bound)
print("256 steps on one example take more than 8 times one step on 256:", ratio > 8)
