"""Explainers by Captum, zennit and pytorch-grad-cam. A job is timed from the call to the map; attaching hooks is not part of it where that is apart."""
import torch

from nets import canonizers, image, last_layer, load, target, timed

batch = 16
grid = torch.arange(7).repeat_interleave(32)
segments = (7 * grid[:, None] + grid[None, :])[None, None]
perturbed = dict(feature_mask=segments, n_samples=128, perturbations_per_eval=batch)


def captum(method, **options):
    def prepare(name):
        import captum.attr

        explainer = method(captum.attr, load(name))
        return lambda: explainer.attribute(image.clone().requires_grad_(), target=target, **options)

    return prepare


def cam(method):
    def prepare(name):
        import pytorch_grad_cam
        from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

        model = load(name)
        extractor = getattr(pytorch_grad_cam, method)(model=model, target_layers=[last_layer(model, name)])
        return lambda: extractor(input_tensor=image.clone(), targets=[ClassifierOutputTarget(target)])

    return prepare


def lrp(composite):
    def prepare(name):
        from zennit import attribution, composites

        model = load(name)

        def run():
            with attribution.Gradient(model=model, composite=composite(composites, canonizers(name))) as attributor:
                return "timed", timed(lambda: attributor(image.clone().requires_grad_(), torch.eye(1000)[[target]]))

        return run

    return prepare


jobs = {
    "gradient": captum(lambda c, m: c.Saliency(m), abs=False),
    "gradient-x-input": captum(lambda c, m: c.InputXGradient(m)),
    "guided-backprop": captum(lambda c, m: c.GuidedBackprop(m)),
    "deconvnet": captum(lambda c, m: c.Deconvolution(m)),
    "deeplift": captum(lambda c, m: c.DeepLift(m)),
    "ig-50": captum(lambda c, m: c.IntegratedGradients(m), n_steps=50, internal_batch_size=batch),
    "smoothgrad-25": captum(lambda c, m: c.NoiseTunnel(c.Saliency(m)), nt_samples=25, nt_samples_batch_size=1, abs=False),
    "grad-cam": cam("GradCAM"),
    "grad-cam-plus-plus": cam("GradCAMPlusPlus"),
    "hires-cam": cam("HiResCAM"),
    "layer-cam": cam("LayerCAM"),
    "xgrad-cam": cam("XGradCAM"),
    "fullgrad": cam("FullGrad"),
    "ablation-cam": cam("AblationCAM"),
    "score-cam": cam("ScoreCAM"),
    "lrp": lrp(lambda c, canonizers: c.EpsilonPlus(canonizers=canonizers)),
    "lrp-gamma-box": lrp(
        lambda c, canonizers: c.EpsilonGammaBox(torch.zeros_like(image), torch.ones_like(image), canonizers=canonizers)
    ),
    "occlusion-32": captum(
        lambda c, m: c.Occlusion(m), sliding_window_shapes=(3, 32, 32), strides=(3, 16, 16), perturbations_per_eval=batch
    ),
    "kernel-shap-128": captum(lambda c, m: c.KernelShap(m), **perturbed),
    "lime-128": captum(lambda c, m: c.Lime(m), **perturbed),
}
