"""Each of three losses needs its own rate, and there all three classify alike."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

data = load_digits()
images = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target)
onehot = F.one_hot(labels).float()
LOSSES = {
    "cross-entropy": lambda logits, rows: F.cross_entropy(logits, labels[rows]),
    "MSE of softmax": lambda logits, rows: F.mse_loss(logits.softmax(1), onehot[rows]),
    "MSE of outputs": lambda logits, rows: F.mse_loss(logits, onehot[rows]),
}
RATES, SEEDS, STEPS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0), 3, 200


def learn(loss, rate, seed):
    """Accuracy on validation and on test images after training."""
    torch.manual_seed(seed)
    train, *rest = torch.randperm(len(images)).split([1000, 397, 400])
    layers = torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10)
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for _ in range(STEPS):
        batch = train[torch.randint(len(train), (64,))]
        optimizer.zero_grad()
        loss(model(images[batch]), batch).backward()
        optimizer.step()
    with torch.no_grad():
        hits = model(images).argmax(1) == labels
    return [hits[part].float().mean().item() for part in rest]


validation, test, best_rate, spread, at_tenth = {}, {}, {}, {}, {}
for name, loss in LOSSES.items():
    tries = [[learn(loss, rate, seed) for seed in range(SEEDS)] for rate in RATES]
    runs = torch.tensor(tries)
    validation[name] = runs[..., 0]
    index = runs[..., 0].mean(1).argmax().item()
    best_rate[name] = RATES[index]
    chosen = runs[index, :, 1]
    test[name], spread[name] = chosen.mean().item(), chosen.std().item()
    at_tenth[name] = runs[RATES.index(0.1), :, 1].mean().item()
    print(
        f"{name}: rate 0.1 test {at_tenth[name]:.2f};"
        f" best rate {best_rate[name]:g} test {test[name]:.3f} ± {spread[name]:.3f}"
    )

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for name, runs in validation.items():
    axes.errorbar(RATES, runs.mean(1), runs.std(1), marker="o", capsize=3, label=name)
axes.set(xscale="log", xlabel="learning rate", ylabel="validation accuracy")
axes.set_ylim(0, 1.25)
axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
axes.legend(loc="upper center", ncols=3, fontsize=9)
