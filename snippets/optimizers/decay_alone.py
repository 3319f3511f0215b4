"""With no gradient from data, Adam shrinks alike under any weight_decay."""

import matplotlib.pyplot as plt
import torch

KINDS = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW}
DECAYS = [0.1, 0.01, 0.0001]
START, RATE, STEPS = 5.0, 0.01, 100


def shrink(kind, decay):
    w = torch.full((1,), START).double().requires_grad_()
    optimizer = kind([w], lr=RATE, weight_decay=decay)
    path = [START]
    for _ in range(STEPS):
        w.grad = torch.zeros(1).double()
        optimizer.step()
        path.append(w.item())
    return path


paths, ends = {}, {}
for name, kind in KINDS.items():
    paths[name] = {decay: shrink(kind, decay) for decay in DECAYS}
    ends[name] = {decay: path[-1] for decay, path in paths[name].items()}
moved = {name: START - end[DECAYS[0]] for name, end in ends.items()}
times = {name: moved[name] / (START - end[DECAYS[2]]) for name, end in ends.items()}
print("weight_decay" + "".join(f"{decay:>9g}" for decay in DECAYS))
for name, end in ends.items():
    print(f"{name:12}" + "".join(f"{w:9.4f}" for w in end.values()))

# %%
figure, panels = plt.subplots(1, 3, figsize=(6.4, 2.8), sharey=True)
for axes, (name, by_decay) in zip(panels, paths.items(), strict=True):
    for decay, path in by_decay.items():
        axes.plot(path, label=f"{decay:g}")
    axes.set(title=name, xlabel="step", ylim=(3.9, 5.1))
panels[0].set_ylabel("weight")
panels[0].legend(title="weight_decay", loc="lower left")
