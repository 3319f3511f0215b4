"""Every parameter of the installed torch.optim.SGD and what it means."""

import inspect

import torch

MEANINGS = {
    "params": (
        "what to train: tensors, (name, tensor) pairs, or dicts that each set up one group",
        "要训练的对象：张量、(名字, 张量)对，或每个定义一组的字典",
    ),
    "lr": (
        "rate $\\eta$: the step is $\\eta$ times the gradient",
        "学习率$\\eta$：一步等于$\\eta$乘梯度",
    ),
    "momentum": (
        "$\\mu$: the share of the last velocity that is kept",
        "$\\mu$：上一步速度保留的比例",
    ),
    "dampening": (
        "$\\tau$: the new gradient enters the velocity with weight $1 - \\tau$",
        "$\\tau$：新梯度以$1 - \\tau$的权重加入速度",
    ),
    "weight_decay": (
        "$\\lambda$: adds $\\lambda w$ to the gradient (L2 penalty)",
        "$\\lambda$：把$\\lambda w$加进梯度（L2惩罚）",
    ),
    "nesterov": (
        "step along $g + \\mu v$ in place of $v$",
        "沿$g + \\mu v$而不是$v$前进",
    ),
    "maximize": ("climb instead of descend", "改为求最大值"),
    "foreach": ("update all tensors in batched calls", "把所有张量合并成批量调用来更新"),
    "differentiable": ("let autograd pass through the step", "让自动微分穿过这一步更新"),
    "fused": ("do the whole update in one kernel", "整个更新用一个内核完成"),
}

parameters = inspect.signature(torch.optim.SGD).parameters
missing = set(parameters) ^ set(MEANINGS)
if missing:
    raise LookupError(f"torch.optim.SGD and this table differ in {sorted(missing)}")

print("| parameter | default | meaning | 含义 |")
print("|---|---|---|---|")
for name, parameter in parameters.items():
    required = parameter.default is inspect.Parameter.empty
    default = "-" if required else f"`{parameter.default}`"
    print(f"| `{name}` | {default} | {' | '.join(MEANINGS[name])} |")
count = len(parameters)
default_rate = parameters["lr"].default
