"""torch.nn.init holds functions that fill a tensor in place, and no class."""

import inspect

import torch
from torch.nn import init

MEANING = {
    "uniform_": "uniform between `a` and `b` | `a`与`b`之间的均匀分布",
    "normal_": "normal with `mean` and `std` | 均值`mean`、标准差`std`的正态分布",
    "trunc_normal_": "normal, cut off at `a` and `b` | 正态分布，截断在`a`与`b`之间",
    "constant_": "the same `val` everywhere | 处处等于`val`",
    "ones_": "all 1 | 全为1",
    "zeros_": "all 0 | 全为0",
    "eye_": "identity matrix (2-d) | 单位矩阵（二维）",
    "dirac_": "convolution that passes its input on | 原样传递输入的卷积核",
    "xavier_uniform_": "uniform, variance 2·gain²/(in + out) | 均匀分布，方差2·增益²/(扇入+扇出)",
    "xavier_normal_": "normal, variance 2·gain²/(in + out) | 正态分布，方差2·增益²/(扇入+扇出)",
    "kaiming_uniform_": "uniform, variance gain²/fan | 均匀分布，方差增益²/扇入或扇出",
    "kaiming_normal_": "normal, variance gain²/fan | 正态分布，方差增益²/扇入或扇出",
    "orthogonal_": "random orthogonal matrix times `gain` | 随机正交矩阵乘以`gain`",
    "sparse_": "normal, a share `sparsity` of each column 0 | 正态分布，每列有`sparsity`比例的0",
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
print("| function | arguments | old name | sd | meaning | 含义 |\n|---|---|---|---|---|---|")
for name, meaning in MEANING.items():
    tensor = torch.empty((256, 128, 3) if name == "dirac_" else (256, 128))
    in_place[name] = getattr(init, name)(tensor, *ARGUMENTS.get(name, ())) is tensor
    deviation[name] = tensor.std().item()
    old = f"`{name[:-1]}`" if name[:-1] in former else "–"
    print(f"| `{name}` | `{signature(name)}` | {old} | {deviation[name]:.3f} | {meaning} |")
