"""A surrogate's attack: nets in PyTorch that learn what an exported model tells of rows, and PGD along their slopes. A line of JSON in, a line of JSON out."""
import json
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)

WIDTHS = [(128, 64), (256, 128)]


def learned(x, y, widths, epochs, seed):
    torch.manual_seed(seed)
    sizes = [x.shape[1], *widths]
    layers = [layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), nn.SiLU())]
    net = nn.Sequential(*layers, nn.Linear(sizes[-1], int(y.max()) + 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-5)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(128):
            optimizer.zero_grad()
            F.cross_entropy(net(x[batch]), y[batch]).backward()
            optimizer.step()
    return net.eval()


def lead(nets, x, y):
    logits = sum(net(x).log_softmax(1) for net in nets)
    own = logits.gather(1, y[:, None])[:, 0]
    other = logits.scatter(1, y[:, None], -1e9).amax(1)
    return own - other


def pgd(nets, x, y, low, high, steps, begin):
    """`begin`: from 0, the rows themselves, to 1, anywhere."""
    at = x + begin * ((low + (high - low) * torch.rand_like(x)) - x)
    for step in range(steps):
        at.requires_grad_(True)
        (slope,) = torch.autograd.grad(lead(nets, at, y).sum(), at)
        size = (high - low) * 0.25 * (1 - step / steps)
        at = torch.maximum(torch.minimum(at.detach() - size * slope.sign(), high), low)
    return at


def answer(request):
    if "ready" in request:
        return {"ready": True, "version": torch.__version__}
    rows = lambda name: torch.tensor(request[name]).view(-1, request["columns"])
    known, told = rows("known"), torch.tensor(request["told"])
    nets = [learned(known, told, widths, request["epochs"], request["seed"] + i) for i, widths in enumerate(WIDTHS)]
    x, y, low, high = rows("rows"), torch.tensor(request["labels"]), rows("low"), rows("high")
    agreement = sum((net(known).argmax(1) == told).float().mean().item() for net in nets) / len(nets)
    made = []
    for which in (nets[:1], nets[1:], nets):
        for steps, begin in ((100, 0.0), (100, 1.0), (10, 0.5)):
            moved = pgd(which, x, y, low, high, steps, begin)
            made.append([round(v, 6) for v in moved.flatten().tolist()])
    return {"made": made, "agreement": agreement}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
