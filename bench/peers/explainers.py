"""Times Captum, zennit and pytorch-grad-cam at batch 1: explainers.py MODEL, then one job a line on stdin; one line of milliseconds each on
stdout, `null` where the library cannot do it. A job is timed from the call to the map; attaching hooks is not part of it where that is apart."""
import os, sys, time, warnings

import captum.attr as captum
import torch, torchvision
from pytorch_grad_cam import AblationCAM, FullGrad, GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM, ScoreCAM, XGradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from zennit.attribution import Gradient
from zennit.composites import EpsilonGammaBox, EpsilonPlus
from zennit.torchvision import ResNetCanonizer

warnings.filterwarnings("ignore")
torch.set_num_threads(os.cpu_count())
torch.manual_seed(0)
name = sys.argv[1]
model = getattr(torchvision.models, name)(weights=None).eval()
for module in model.modules():
    if isinstance(module, torch.nn.ReLU):
        module.inplace = False
resnet = name.startswith("resnet")
layer = model.layer4[-1] if resnet else model.features[29]
image, target, batch = torch.rand(1, 3, 224, 224), 7, 16
grid = torch.arange(7).repeat_interleave(32)
segments = (7 * grid[:, None] + grid[None, :])[None, None]


def cam(method):
    extractor = method(model=model, target_layers=[layer])
    return lambda: extractor(input_tensor=image.clone(), targets=[ClassifierOutputTarget(target)])


def by(method, **options):
    return lambda: method.attribute(image.clone().requires_grad_(), target=target, **options)


def lrp(composite):
    canonizers = [ResNetCanonizer()] if resnet else []

    def run():
        with Gradient(model=model, composite=composite(canonizers)) as attributor:
            start = time.perf_counter()
            attributor(image.clone().requires_grad_(), torch.eye(1000)[[target]])
            return time.perf_counter() - start

    return run


def forward():
    with torch.no_grad():
        model(image)


perturbed = dict(feature_mask=segments, n_samples=128, perturbations_per_eval=batch)
jobs = {
    "forward": lambda: forward,
    "gradient": lambda: by(captum.Saliency(model), abs=False),
    "gradient-x-input": lambda: by(captum.InputXGradient(model)),
    "guided-backprop": lambda: by(captum.GuidedBackprop(model)),
    "deconvnet": lambda: by(captum.Deconvolution(model)),
    "deeplift": lambda: by(captum.DeepLift(model)),
    "ig": lambda: by(captum.IntegratedGradients(model), n_steps=50, internal_batch_size=batch),
    "smoothgrad": lambda: by(captum.NoiseTunnel(captum.Saliency(model)), nt_samples=25, nt_samples_batch_size=1, abs=False),
    "grad-cam": lambda: cam(GradCAM),
    "grad-cam-plus-plus": lambda: cam(GradCAMPlusPlus),
    "hires-cam": lambda: cam(HiResCAM),
    "layer-cam": lambda: cam(LayerCAM),
    "xgrad-cam": lambda: cam(XGradCAM),
    "fullgrad": lambda: cam(FullGrad),
    "ablation-cam": lambda: cam(AblationCAM),
    "score-cam": lambda: cam(ScoreCAM),
    "lrp epsilon-plus": lambda: lrp(lambda c: EpsilonPlus(canonizers=c)),
    "lrp epsilon-gamma-box": lambda: lrp(
        lambda c: EpsilonGammaBox(torch.zeros_like(image), torch.ones_like(image), canonizers=c)
    ),
    "occlusion": lambda: by(
        captum.Occlusion(model), sliding_window_shapes=(3, 32, 32), strides=(3, 16, 16), perturbations_per_eval=batch
    ),
    "kernel-shap": lambda: by(captum.KernelShap(model), **perturbed),
    "lime": lambda: by(captum.Lime(model), **perturbed),
}


def milliseconds(job):
    start = time.perf_counter()
    own = job()
    return 1000 * (own if isinstance(own, float) else time.perf_counter() - start)


prepared = {}
for line in map(str.strip, sys.stdin):
    try:
        # Hooks left on the model would slow the next job: only the job at work is kept.
        if line not in prepared:
            prepared.clear()
            prepared[line] = jobs[line]()
        print(milliseconds(prepared[line]), flush=True)
    except Exception as error:
        print(f"{name}, {line}: {error}", file=sys.stderr)
        print("null", flush=True)
