"""Every parameter of the installed torch.optim.RMSprop and what it means."""

import inspect

import torch

MEANINGS = {
    "params": (
        "what to train: tensors, (name, tensor) pairs, or dicts that each set up one group",
        "要训练的对象：张量、(名字, 张量)对，或每个定义一组的字典",
    ),
    "lr": (
        "rate $\\eta$: about the length of a step, but not of the first ones",
        "学习率$\\eta$：大约是一步的长度，开头几步除外",
    ),
    "alpha": (
        "$\\alpha$: decay rate of the average of the squared gradient",
        "$\\alpha$：梯度平方移动平均的衰减率",
    ),
    "eps": (
        "$\\epsilon$, added outside the root: no division by zero",
        "$\\epsilon$，加在根号外：防止除以零",
    ),
    "weight_decay": (
        "$\\lambda$: adds $\\lambda w$ to the gradient (L2 penalty)",
        "$\\lambda$：把$\\lambda w$加进梯度（L2惩罚）",
    ),
    "momentum": (
        "$\\mu$: a velocity, as in SGD, of the divided gradient",
        "$\\mu$：对相除后的梯度再做SGD那样的动量",
    ),
    "centered": (
        "divide by the running standard deviation in place of the root mean square",
        "除以移动的标准差，而不是均方根",
    ),
    "capturable": ("may be recorded in a CUDA graph", "可录入CUDA图"),
    "foreach": ("update all tensors in batched calls", "把所有张量合并成批量调用来更新"),
    "maximize": ("climb instead of descend", "改为求最大值"),
    "differentiable": ("let autograd pass through the step", "让自动微分穿过这一步更新"),
}

parameters = inspect.signature(torch.optim.RMSprop).parameters
missing = set(parameters) ^ set(MEANINGS)
if missing:
    raise LookupError(f"torch.optim.RMSprop and this table differ in {sorted(missing)}")

print("| parameter | default | meaning | 含义 |")
print("|---|---|---|---|")
for name, parameter in parameters.items():
    required = parameter.default is inspect.Parameter.empty
    default = "-" if required else f"`{parameter.default}`"
    print(f"| `{name}` | {default} | {' | '.join(MEANINGS[name])} |")
count = len(parameters)
default_rate = parameters["lr"].default
default_alpha = parameters["alpha"].default
