"""torch.nn.init holds functions that fill a tensor in place, and no class."""

import inspect

import torch
from torch.nn import init

MEANING = {
    "uniform_": "uniform between `a` and `b`",
    "normal_": "normal with `mean` and `std`",
    "trunc_normal_": "normal, cut off at `a` and `b`",
    "constant_": "the same `val` everywhere",
    "ones_": "all 1",
    "zeros_": "all 0",
    "eye_": "identity matrix (2-d)",
    "dirac_": "convolution that passes its input on",
    "xavier_uniform_": "uniform, variance 2·gain²/(in + out)",
    "xavier_normal_": "normal, variance 2·gain²/(in + out)",
    "kaiming_uniform_": "uniform, variance gain²/fan",
    "kaiming_normal_": "normal, variance gain²/fan",
    "orthogonal_": "random orthogonal matrix times `gain`",
    "sparse_": "normal, a share `sparsity` of each column 0",
}
ARGUMENTS = {"constant_": (0.3,), "sparse_": (0.5,)}

public = {name for name, _ in inspect.getmembers(init, inspect.isfunction) if name[0] != "_"}
count = len(MEANING)
filling = {name for name in public if name.endswith("_")}
former = {name for name in public if f"{name}_" in filling}
helpers = public - filling - former
found = inspect.getmembers(init, inspect.isclass)
classes = [name for name, kind in found if kind.__module__ == init.__name__]
if filling != set(MEANING) or helpers != {"calculate_gain"}:
    raise LookupError(f"not described: {(filling ^ set(MEANING)) | helpers}")


def signature(name):
    parameters = inspect.signature(getattr(init, name)).parameters.values()
    return ", ".join(str(part.replace(annotation=part.empty)) for part in parameters)


torch.manual_seed(0)
deviation, in_place = {}, {}
class_count, old_count = len(classes), len(former)
print("| function | arguments | old name | sd | meaning |\n|---|---|---|---|---|")
for name, meaning in MEANING.items():
    tensor = torch.empty((256, 128, 3) if name == "dirac_" else (256, 128))
    in_place[name] = getattr(init, name)(tensor, *ARGUMENTS.get(name, ())) is tensor
    deviation[name] = tensor.std().item()
    old = f"`{name[:-1]}`" if name[:-1] in former else "–"
    print(f"| `{name}` | `{signature(name)}` | {old} | {deviation[name]:.3f} | {meaning} |")
