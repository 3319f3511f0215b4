"""Each doubling of the training set lowers the test error, at equal steps too."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

SEEDS, EPOCHS, STEPS, BATCH, NOISE = 4, 30, 300, 40, 0.2
SIZES = (100, 200, 400, 800)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16
labels = torch.tensor(digits.target)

torch.manual_seed(0)
order = torch.stack([torch.randperm(len(images)) for _ in range(SEEDS)])
test, pool = order[:, :700].repeat(len(SIZES), 1), order[:, 997:]
noisy = torch.rand(pool.shape) < NOISE
targets = torch.where(noisy, torch.randint(10, pool.shape), labels[pool])
targets, pool = targets.repeat(len(SIZES), 1), pool.repeat(len(SIZES), 1)
size = torch.tensor(SIZES).repeat_interleave(SEEDS)[:, None]

networks = [
    nn.Sequential(
        *(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()),
        nn.Linear(128, 10),
    )
    for _ in pool
]
parameters, _ = stack_module_state(networks)
forward = vmap(lambda parameters, x: functional_call(networks[0], parameters, (x,)))
optimizer = torch.optim.AdamW(parameters.values(), lr=3e-3, weight_decay=0, fused=True)

measured = {}
for step in range(1, EPOCHS * SIZES[-1] // BATCH + 1):
    if step % 20 == 1:
        shuffled = torch.rand(pool.shape).argsort(1).remainder(size).split(BATCH, 1)
    batch = shuffled[(step - 1) % 20]
    logits = forward(parameters, images[pool.take_along_dim(batch, 1)])
    y = targets.take_along_dim(batch, 1)
    loss = cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / BATCH
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step in {STEPS} | {EPOCHS * n // BATCH for n in SIZES}:
        with torch.no_grad():
            right = forward(parameters, images[test]).argmax(-1) == labels[test]
        measured[step] = right.float().mean(1).view(len(SIZES), SEEDS)

equal_steps = {n: measured[STEPS][row] for row, n in enumerate(SIZES)}
equal_epochs = {n: measured[EPOCHS * n // BATCH][row] for row, n in enumerate(SIZES)}
accuracy = {
    rule: {n: (values.mean().item(), values.std().item()) for n, values in results.items()}
    for rule, results in (("steps", equal_steps), ("epochs", equal_epochs))
}
for rule, extent in (("steps", STEPS), ("epochs", EPOCHS)):
    cells = (f"{n}: {mean:.2f} ± {spread:.2f}" for n, (mean, spread) in accuracy[rule].items())
    print(f"{extent} {rule} each |", ", ".join(cells))

# %%
figure, axes = plt.subplots(figsize=(6.4, 3.2))
for rule, results in (("steps", equal_steps), ("epochs", equal_epochs)):
    error = 1 - torch.stack(list(results.values()))
    axes.errorbar(SIZES, error.mean(1), error.std(1), marker="o", capsize=3, label=f"equal {rule}")
axes.set(xscale="log", yscale="log", xlabel="training images", ylabel="test error")
axes.set_xticks(SIZES, SIZES)
axes.set_yticks((0.05, 0.1, 0.2), (0.05, 0.1, 0.2))
axes.minorticks_off()
axes.legend()
