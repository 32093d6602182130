"""Times steps of targeted manipulation (Dombrowski et al. 2019) by PyTorch's double backward, at batch 1: manipulation.py MODEL, then
`EXPLAINER STEPS` a line on stdin; one line of milliseconds a step each on stdout, `null` where it cannot."""
import os, sys, time, warnings

import torch, torchvision
from torch import nn
from torch.nn import functional as f
from zennit.attribution import Gradient
from zennit.composites import EpsilonPlus
from zennit.torchvision import ResNetCanonizer

warnings.filterwarnings("ignore")
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
torch.manual_seed(0)
name, beta, target, ig_steps = sys.argv[1], 10.0, 7, 4
guided = False


class GuidedSoftplus(torch.autograd.Function):
    """Softplus whose derivative leaves out negative cotangents."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return f.softplus(x, beta)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return torch.relu(g) * torch.sigmoid(beta * x)


class Smooth(nn.Softplus):
    def forward(self, x):
        return GuidedSoftplus.apply(x) if guided else f.softplus(x, beta)


def smoothed(module):
    for key, child in module.named_children():
        if isinstance(child, nn.ReLU):
            setattr(module, key, Smooth(beta))
        else:
            smoothed(child)
    return module


model = smoothed(getattr(torchvision.models, name)(weights=None)).eval()
for parameter in model.parameters():
    parameter.requires_grad_(False)
resnet = name.startswith("resnet")
seen = {}
(model.layer4[-1] if resnet else model.features[29]).register_forward_hook(lambda *args: seen.update(layer=args[2]))
image = torch.rand(1, 3, 224, 224)
chosen = torch.eye(1000)[[target]]


def slope(logits, wrt):
    return torch.autograd.grad(logits[0, target], wrt, create_graph=True)[0]


def gradient(x):
    logits = model(x)
    return slope(logits, x), logits


def gradient_x_input(x):
    logits = model(x)
    return slope(logits, x) * x, logits


def grad_cam(x):
    logits = model(x)
    layer = seen["layer"]
    cam = torch.relu((slope(logits, layer).mean((2, 3), keepdim=True) * layer).sum(1, keepdim=True))
    return f.interpolate(cam, size=(224, 224), mode="bilinear", align_corners=False), logits


def guided_backprop(x):
    global guided
    guided = True
    result = gradient(x)
    guided = False
    return result


def integrated(x):
    total = 0
    for i in range(ig_steps):
        at = x * ((i + 0.5) / ig_steps)
        total = total + slope(model(at), at) / ig_steps
    return total * x, model(x)


def lrp(x):
    composite = EpsilonPlus(canonizers=[ResNetCanonizer()] if resnet else [])
    with Gradient(model=model, composite=composite, create_graph=True, retain_graph=True) as attributor:
        logits, relevance = attributor(x, chosen)
    return relevance, logits


explainers = {
    "gradient": gradient,
    "gradient-x-input": gradient_x_input,
    "guided-backprop": guided_backprop,
    "grad-cam": grad_cam,
    "ig": integrated,
    "lrp": lrp,
}


def heatmap(attribution):
    h = attribution.abs().sum(1, keepdim=True)
    return h / h.sum()


def milliseconds(explain, steps):
    x = image.clone().requires_grad_()
    with torch.no_grad():
        clean = model(image).softmax(1)
    wanted = torch.full((1, 1, 224, 224), 1 / 224**2)
    optimiser = torch.optim.Adam([x], 2e-4)
    start = time.perf_counter()
    for _ in range(steps):
        attribution, logits = explain(x)
        assert attribution.requires_grad, "the explanation has no derivative"
        loss = 1e11 * f.mse_loss(heatmap(attribution), wanted) + 1e6 * f.mse_loss(logits.softmax(1), clean)
        optimiser.zero_grad()
        loss.backward()
        assert x.grad.abs().sum() > 0, "the loss does not depend on the picture"
        optimiser.step()
        x.data.clamp_(0, 1)
    return 1000 * (time.perf_counter() - start) / steps


for line in sys.stdin:
    job, steps = line.split()
    try:
        print(milliseconds(explainers[job], int(steps)), flush=True)
    except Exception as error:
        print(f"{name}, {job}: {error!r}", file=sys.stderr)
        print("null", flush=True)
