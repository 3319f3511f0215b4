"""A network fits random labels too, and then knows nothing."""

import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

SPLITS, EPOCHS, BATCH, TRAIN, GOAL, WIDTH = 10, 150, 50, 200, 0.95, 64
torch.set_default_dtype(torch.float64)
digits = load_digits()
images, labels = torch.tensor(digits.data) / 16, torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SPLITS)]).repeat(2, 1)
test, train = order[:, :700], order[:, 800 : 800 + TRAIN]
given = torch.cat([labels[train[:SPLITS]], torch.randint(10, (SPLITS, TRAIN))])

layers = [
    [(torch.rand(2 * SPLITS, rows, fan_out) * 2 - 1) / fan_in**0.5 for rows in (fan_in, 1)]
    for fan_in, fan_out in ((64, WIDTH), (WIDTH, 10))
]
parameters = [part.requires_grad_() for layer in layers for part in layer]
optimizer = torch.optim.AdamW(parameters, lr=1e-2, weight_decay=0)


def forward(index):
    hidden = torch.baddbmm(layers[0][1], images[index], layers[0][0]).relu()
    return torch.baddbmm(layers[1][1], hidden, layers[1][0])


@torch.no_grad()
def accuracy(index, y):
    return (forward(index).argmax(-1) == y).double().mean(1).view(2, SPLITS).mean(1)


fitted = []
for _ in range(EPOCHS):
    for batch in torch.rand(train.shape).argsort(1).split(BATCH, 1):
        logits, y = forward(train.take_along_dim(batch, 1)), given.take_along_dim(batch, 1)
        optimizer.zero_grad()
        (len(train) * cross_entropy(logits.flatten(0, 1), y.flatten())).backward()
        optimizer.step()
    fitted.append(accuracy(train, given))
fitted, tested = torch.stack(fitted), accuracy(test, labels[test])

names = ("true labels", "random labels")
training, testing, epochs_to_goal = {}, {}, {}
print(f"| labels | training accuracy | test accuracy | epochs to {GOAL:.0%} |\n|---|---|---|---|")
for row, name in enumerate(names):
    training[name], testing[name] = fitted[-1, row].item(), tested[row].item()
    epochs_to_goal[name] = 1 + int((fitted[:, row] >= GOAL).int().argmax())
    print(f"| {name} | {training[name]:.2f} | {testing[name]:.2f} | {epochs_to_goal[name]} |")
