"""Every parameter of the installed torch.optim.Adam and what it means."""

import inspect

import torch

MEANINGS = {
    "params": (
        "what to train: tensors, (name, tensor) pairs, or dicts that each set up one group",
        "要训练的对象：张量、(名字, 张量)对，或每个定义一组的字典",
    ),
    "lr": ("rate $\\eta$: about the length of one step", "学习率$\\eta$：大约就是一步的长度"),
    "betas": (
        "$(\\beta_1, \\beta_2)$: decay rates of the averages of gradient and squared gradient",
        "$(\\beta_1, \\beta_2)$：梯度、梯度平方两个移动平均的衰减率",
    ),
    "eps": (
        "$\\epsilon$, added outside the root: no division by zero, shorter steps for tiny ones",
        "$\\epsilon$，加在根号外：防止除以零，也压低极小梯度的步长",
    ),
    "weight_decay": (
        "$\\lambda$: adds $\\lambda w$ to the gradient (L2 penalty)",
        "$\\lambda$：把$\\lambda w$加进梯度（L2惩罚）",
    ),
    "amsgrad": (
        "divide by the largest second moment so far (Reddi et al.)",
        "除以迄今最大的二阶矩（Reddi等人）",
    ),
    "foreach": ("update all tensors in batched calls", "把所有张量合并成批量调用来更新"),
    "maximize": ("climb instead of descend", "改为求最大值"),
    "capturable": ("may be recorded in a CUDA graph", "可录入CUDA图"),
    "differentiable": ("let autograd pass through the step", "让自动微分穿过这一步更新"),
    "fused": ("do the whole update in one kernel", "整个更新用一个内核完成"),
    "decoupled_weight_decay": (
        "`True` makes it AdamW: shrink $w$ itself instead",
        "设为`True`就是AdamW：改为直接缩小$w$",
    ),
}

parameters = inspect.signature(torch.optim.Adam).parameters
missing = set(parameters) ^ set(MEANINGS)
if missing:
    raise LookupError(f"torch.optim.Adam and this table differ in {sorted(missing)}")

print("| parameter | default | meaning | 含义 |")
print("|---|---|---|---|")
for name, parameter in parameters.items():
    required = parameter.default is inspect.Parameter.empty
    default = "-" if required else f"`{parameter.default}`"
    print(f"| `{name}` | {default} | {' | '.join(MEANINGS[name])} |")
count = len(parameters)
after_weight_decay = count - 1 - list(parameters).index("weight_decay")
