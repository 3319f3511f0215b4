"""With more patients the error in training and on new ones draw together."""

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_breast_cancer
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import binary_cross_entropy_with_logits

SEEDS, STEPS = 6, 250
SIZES = (10, 20, 40, 80, 160, 320)
cancer = load_breast_cancer()
features = torch.tensor(cancer.data[:, [1, 5]], dtype=torch.float32).log()
features = (features - features.mean(0)) / features.std(0)
benign = torch.tensor(cancer.target, dtype=torch.float32)
ticks = torch.linspace(-2, 2.4, 67)
grid = torch.cartesian_prod(ticks, ticks)

torch.manual_seed(1)
order = torch.stack([torch.randperm(len(features)) for _ in range(SEEDS)])
test = order[:, 320:]


def learn(train):
    networks = [
        nn.Sequential(
            *(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU()),
            *(nn.Linear(64, 1), nn.Flatten(0)),
        )
        for _ in range(SEEDS)
    ]
    parameters, _ = stack_module_state(networks)
    model = networks[0]
    forward = vmap(lambda parameters, x: functional_call(model, parameters, (x,)))
    options = {"lr": 1e-2, "weight_decay": 0, "fused": True}
    optimizer = torch.optim.AdamW(parameters.values(), **options)
    for _ in range(STEPS):
        logits = forward(parameters, features[train])
        loss = SEEDS * binary_cross_entropy_with_logits(logits, benign[train])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        errors = [
            ((forward(parameters, features[index]) > 0) != benign[index]).float().mean(1)
            for index in (train, test)
        ]
        return errors, forward(parameters, grid.expand(SEEDS, -1, -1))[0].view(67, 67).T


errors, maps = {}, {}
for n in SIZES:
    (training, testing), maps[n] = learn(order[:, :n])
    errors[n] = {"train": training.mean().item(), "test": testing.mean().item()}
    print(f"{n:3} patients: training error {errors[n]['train']:.2f}", end="")
    print(f", error on new patients {errors[n]['test']:.2f}")

# %%
for n, surface in maps.items():
    figure, (plane, curve) = plt.subplots(
        1, 2, num=str(n), figsize=(6.4, 3.2), layout="constrained"
    )
    plane.contourf(ticks, ticks, surface, levels=[-1e9, 0, 1e9], colors=["C1", "C0"], alpha=0.25)
    plane.contour(ticks, ticks, surface, levels=[0], colors="0.4")
    for value, colour, marker in ((0, "C1", "x"), (1, "C0", "o")):
        chosen = order[0, :n][benign[order[0, :n]] == value]
        plane.scatter(*features[chosen].T, color=colour, marker=marker, s=12)
    plane.set(xlabel="log texture", ylabel="log compactness", xlim=(-2, 2.4), ylim=(-2, 2.4))
    for name, label in (("train", "training"), ("test", "new")):
        curve.semilogx(SIZES, [errors[size][name] for size in SIZES], label=label)
    curve.plot([n, n], [errors[n]["train"], errors[n]["test"]], "o", color="black")
    curve.set(xlabel="training patients", ylabel="error", ylim=(-0.02, 0.4))
    curve.set_xticks(SIZES, SIZES)
    curve.minorticks_off()
    curve.legend(loc="upper right")
