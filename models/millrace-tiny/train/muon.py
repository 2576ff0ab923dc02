"""Muon (momentum, orthogonalised by Newton-Schulz) in fp32, batched over equal shapes: fast on a CPU."""
import torch


def orthogonal(g, steps=5):
    x = g / (g.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        a = x @ x.mT
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x


class Muon(torch.optim.Optimizer):
    """Updates have the size that AdamW's would have, so rates carry over."""

    def __init__(self, params, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for p in group["params"]:
                wide = p.shape[0] <= p.shape[1]
                shapes.setdefault(p.shape if wide else p.shape[::-1], []).append((p, wide))
            for shape, members in shapes.items():
                stack = []
                for p, wide in members:
                    buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                    buffer.lerp_(p.grad, 1 - group["momentum"])
                    g = p.grad.lerp(buffer, group["momentum"])
                    stack.append(g if wide else g.T)
                updates = orthogonal(torch.stack(stack))
                scale = -group["lr"] * 0.2 * max(shape) ** 0.5
                for (p, wide), u in zip(members, updates):
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.add_(u if wide else u.T, alpha=scale)
