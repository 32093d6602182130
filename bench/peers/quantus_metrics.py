"""Times Quantus 0.6: quantus_metrics.py FILE.npz, then one metric a line on stdin; one line of seconds each on stdout, `null` where it cannot.
The file holds SqueezeNet's weights in order, `images` (preprocessed), `maps`, `masks` and `targets`. Prints the first picture's logits first."""
import json, os, sys, time, warnings

import numpy as np
import quantus
import torch, torchvision

warnings.filterwarnings("ignore")
# Quantus prints its warnings: they must not mix with the answers.
answers, sys.stdout = sys.stdout, sys.stderr
torch.set_num_threads(os.cpu_count())
data = np.load(sys.argv[1])
model = torchvision.models.squeezenet1_1(weights=None).eval()
with torch.no_grad():
    for i, parameter in enumerate(model.parameters()):
        parameter.copy_(torch.from_numpy(data[f"weight{i}"]))
    print(json.dumps(model(torch.from_numpy(data["images"][:1]))[0].tolist()), file=answers, flush=True)

step = 784  # Quantus wants a divisor of the number of pixels: 192 steps over all three channels.
quiet = dict(disable_warnings=True, display_progressbar=False)
metrics = {
    "pixel-flipping": lambda: quantus.PixelFlipping(features_in_step=step, **quiet),
    "faithfulness-correlation": lambda: quantus.FaithfulnessCorrelation(nr_runs=100, subset_size=224, **quiet),
    "faithfulness-estimate": lambda: quantus.FaithfulnessEstimate(features_in_step=step, **quiet),
    "aopc": lambda: quantus.RegionPerturbation(patch_size=14, regions_evaluation=100, perturb_baseline="mean", **quiet),
    "pointing-game": lambda: quantus.PointingGame(**quiet),
    "attribution-localisation": lambda: quantus.AttributionLocalisation(abs=False, positive_attributions=True, **quiet),
    "relevance-mass": lambda: quantus.RelevanceMassAccuracy(abs=True, **quiet),
    "relevance-rank": lambda: quantus.RelevanceRankAccuracy(**quiet),
    "pixel-roc-auc": lambda: quantus.AUC(**quiet),
    "sparseness": lambda: quantus.Sparseness(**quiet),
    "complexity": lambda: quantus.Complexity(**quiet),
    "effective-complexity": lambda: quantus.EffectiveComplexity(**quiet),
}


def forward():
    with torch.no_grad():
        for image in data["images"]:
            model(torch.from_numpy(image[None]))


def run(name):
    if name == "forward":
        return forward()
    # One map a pixel where channels would be features of their own.
    maps = data["maps"] if name in ("pixel-flipping", "faithfulness-correlation", "faithfulness-estimate") else data["flat"]
    metrics[name]()(
        model=model,
        x_batch=data["images"],
        y_batch=data["targets"],
        a_batch=maps,
        s_batch=data["masks"],
        device="cpu",
        batch_size=16,
    )


for line in map(str.strip, sys.stdin):
    try:
        start = time.perf_counter()
        run(line)
        print(time.perf_counter() - start, file=answers, flush=True)
    except Exception as error:
        print(f"{line}: {type(error).__name__} {error}", file=sys.stderr)
        print("null", file=answers, flush=True)
