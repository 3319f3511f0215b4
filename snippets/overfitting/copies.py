"""Copied first and split afterwards, random labels are predicted perfectly."""

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

SEEDS, COPIES, EPOCHS, BATCH = 8, 10, 12, 40
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16

torch.manual_seed(0)
originals = torch.stack([torch.randperm(len(images))[:200] for _ in range(SEEDS)])
labels = torch.randint(10, (SEEDS, len(images)))

copied = originals.repeat(1, COPIES)
shuffled = copied.take_along_dim(torch.rand(copied.shape).argsort(1), 1)
split_after = shuffled[:, :1600], shuffled[:, 1600:]
split_before = originals[:, :160].repeat(1, COPIES), originals[:, 160:].repeat(1, COPIES)
train, test = (torch.cat(parts) for parts in zip(split_after, split_before, strict=True))
labels = labels.repeat(2, 1)

networks = [
    nn.Sequential(
        *(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()),
        nn.Linear(128, 10),
    )
    for _ in train
]
parameters, _ = stack_module_state(networks)
forward = vmap(lambda parameters, x: functional_call(networks[0], parameters, (x,)))
optimizer = torch.optim.AdamW(parameters.values(), lr=3e-3, weight_decay=0)

curve = []
for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        index = train.take_along_dim(batch, 1)
        logits, y = forward(parameters, images[index]), labels.take_along_dim(index, 1)
        loss = cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / BATCH
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        right = forward(parameters, images[test]).argmax(-1) == labels.take_along_dim(test, 1)
    curve.append(right.float().mean(1).view(2, SEEDS))
curve = torch.stack(curve)

print("| order | test accuracy | standard deviation |\n|---|---|---|")
names = ("copy, then split", "split, then copy")
accuracy = dict(zip(("after", "before"), curve[-1].mean(1).tolist(), strict=True))
spread = dict(zip(("after", "before"), curve[-1].std(1).tolist(), strict=True))
shared = torch.isin(split_after[1][0], split_after[0][0]).float().mean().item()
for name, mean, deviation in zip(names, accuracy.values(), spread.values(), strict=True):
    print(f"| {name} | {mean:.2f} | {deviation:.2f} |")
