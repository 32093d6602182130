"""Median milliseconds of PyTorch's forward pass and input gradient at batch 1: forward.py NAME ROUNDS, one JSON line."""
import json, os, statistics, sys, time
import torch, torchvision

torch.set_num_threads(os.cpu_count())
name, rounds = sys.argv[1], int(sys.argv[2])
model = getattr(torchvision.models, name)(weights=None).eval()
image = torch.rand(1, 3, 224, 224)

def forward():
    with torch.no_grad():
        model(image)

def gradient():
    x = image.clone().requires_grad_()
    model(x)[0, 7].backward()

def median(job):
    times = []
    for i in range(rounds + 2):
        start = time.perf_counter()
        job()
        if i >= 2:
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)

for p in model.parameters():
    p.requires_grad_(False)
print(json.dumps({"peer": f"torch {torch.__version__}", "threads": torch.get_num_threads(), "forward": median(forward), "gradient": median(gradient)}))
