"""Times zennit's LRP at batch 1: lrp.py MODEL, then one composite a line on stdin; one line of milliseconds each on stdout."""
import os, sys, time
import torch, torchvision
from zennit.attribution import Gradient
from zennit.composites import EpsilonGammaBox, EpsilonPlus
from zennit.torchvision import ResNetCanonizer

torch.set_num_threads(os.cpu_count())
name = sys.argv[1]
model = getattr(torchvision.models, name)(weights=None).eval().requires_grad_(False)
canonizers = [ResNetCanonizer()] if name.startswith("resnet") else []
image = torch.rand(1, 3, 224, 224)
composites = {
    "epsilon-plus": lambda: EpsilonPlus(canonizers=canonizers),
    "epsilon-gamma-box": lambda: EpsilonGammaBox(torch.zeros_like(image), torch.ones_like(image), canonizers=canonizers),
}
one_hot = torch.eye(1000)[[7]]
for line in map(str.strip, sys.stdin):
    if line == "forward":
        start = time.perf_counter()
        with torch.no_grad():
            model(image)
    else:
        # Attaching the rules to the model is not part of the time.
        with Gradient(model=model, composite=composites[line]()) as attributor:
            start = time.perf_counter()
            attributor(image.clone().requires_grad_(), one_hot)
    print(1000 * (time.perf_counter() - start), flush=True)
