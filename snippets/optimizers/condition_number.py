"""Plain descent needs about kappa steps, momentum about its square root."""

import math

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

x, y = (torch.tensor(part) for part in load_diabetes(return_X_y=True, scaled=False))
x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
hessian = 2 * x.T @ x / len(x)
solution = torch.linalg.solve(hessian, 2 * x.T @ y / len(x))
flattest, steepest = torch.linalg.eigvalsh(hessian)[[0, -1]].tolist()
kappa = steepest / flattest


def distances(rate, momentum, limit=4000, target=1e-6):
    w = torch.zeros(10).double().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=rate, momentum=momentum)
    distance = [1.0]
    while distance[-1] > target and len(distance) <= limit:
        w.grad = hessian @ (w.detach() - solution)
        optimizer.step()
        distance.append(((w.detach() - solution).norm() / solution.norm()).item())
    return distance


root = math.sqrt(kappa)
best_momentum = ((root - 1) / (root + 1)) ** 2
descent = distances(2 / (steepest + flattest), 0.0)
best_rate = 4 / (math.sqrt(steepest) + math.sqrt(flattest)) ** 2
heavy_ball = distances(best_rate, best_momentum)
steps_descent, steps_heavy = len(descent) - 1, len(heavy_ball) - 1
theory_descent = math.log(1e-6) / math.log((kappa - 1) / (kappa + 1))
theory_heavy = math.log(1e-6) / math.log((root - 1) / (root + 1))
ratio = steps_descent / steps_heavy
farthest = max(heavy_ball)
print(f"condition number {kappa:.0f}, best momentum {best_momentum:.3f}")
print(f"descent:    {steps_descent} steps to 1e-6 (theory {theory_descent:.0f})")
print(f"heavy ball: {steps_heavy} steps to 1e-6 (theory {theory_heavy:.0f})")
print(f"            on the way {farthest:.1f} times as far as at the start")

# %%
figure, axes = plt.subplots()
axes.semilogy(descent, label="descent")
axes.semilogy(heavy_ball, label=f"heavy ball, $\\mu$ = {best_momentum:.2f}")
axes.set(xlabel="step", ylabel="relative distance to the solution")
axes.legend()
