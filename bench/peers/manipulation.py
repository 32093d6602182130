"""Five steps of targeted manipulation (Dombrowski et al. 2019) by PyTorch's double backward."""
import torch
from torch import nn
from torch.nn import functional as f

from nets import canonizers, image, last_layer, load, target

beta, steps, ig_steps = 10.0, 5, 4
chosen = torch.eye(1000)[[target]]
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


def slope(logits, wrt):
    return torch.autograd.grad(logits[0, target], wrt, create_graph=True)[0]


def gradient(model, name):
    def explain(x):
        logits = model(x)
        return slope(logits, x), logits

    return explain


def gradient_x_input(model, name):
    plain = gradient(model, name)

    def explain(x):
        g, logits = plain(x)
        return g * x, logits

    return explain


def grad_cam(model, name):
    seen = {}
    last_layer(model, name).register_forward_hook(lambda *args: seen.update(layer=args[2]))

    def explain(x):
        logits = model(x)
        layer = seen["layer"]
        cam = torch.relu((slope(logits, layer).mean((2, 3), keepdim=True) * layer).sum(1, keepdim=True))
        return f.interpolate(cam, size=(224, 224), mode="bilinear", align_corners=False), logits

    return explain


def guided_backprop(model, name):
    plain = gradient(model, name)

    def explain(x):
        global guided
        guided = True
        result = plain(x)
        guided = False
        return result

    return explain


def integrated(model, name):
    def explain(x):
        total = 0
        for i in range(ig_steps):
            at = x * ((i + 0.5) / ig_steps)
            total = total + slope(model(at), at) / ig_steps
        return total * x, model(x)

    return explain


def lrp(model, name):
    from zennit.attribution import Gradient
    from zennit.composites import EpsilonPlus

    def explain(x):
        composite = EpsilonPlus(canonizers=canonizers(name))
        with Gradient(model=model, composite=composite, create_graph=True, retain_graph=True) as attributor:
            logits, relevance = attributor(x, chosen)
        return relevance, logits

    return explain


def heatmap(attribution):
    h = attribution.abs().sum(1, keepdim=True)
    # With random weights Grad-CAM may be zero everywhere, which takes as long.
    return h / h.sum().clamp_min(1e-12)


def manipulate(explainer):
    def prepare(name):
        model = smoothed(load(name))
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        explain = explainer(model, name)
        wanted = torch.full((1, 1, 224, 224), 1 / 224**2)

        def run():
            x = image.clone().requires_grad_()
            with torch.no_grad():
                clean = model(image).softmax(1)
            optimiser = torch.optim.Adam([x], 2e-4)
            for _ in range(steps):
                attribution, logits = explain(x)
                assert attribution.requires_grad, "the explanation has no derivative"
                loss = 1e11 * f.mse_loss(heatmap(attribution), wanted) + 1e6 * f.mse_loss(logits.softmax(1), clean)
                optimiser.zero_grad()
                loss.backward()
                assert x.grad.isfinite().all(), "the loss has no derivative"
                optimiser.step()
                x.data.clamp_(0, 1)

        return run

    return prepare


jobs = {
    "manipulation-5": manipulate(gradient),
    "manipulation-5 gradient-x-input": manipulate(gradient_x_input),
    "manipulation-5 guided-backprop": manipulate(guided_backprop),
    "manipulation-5 grad-cam": manipulate(grad_cam),
    "manipulation-5 ig": manipulate(integrated),
    "manipulation-5 lrp": manipulate(lrp),
}
