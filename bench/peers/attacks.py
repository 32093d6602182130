"""Attacks the pictures that bench/attacks.ts wrote: attacks.py FOLDER JOB; prints which labels changed and the norms of the changes."""
import json, os, sys
import numpy as np
import foolbox as fb, torch
from torch import nn
from torch.nn import functional as f

folder, job = sys.argv[1], json.loads(sys.argv[2])
arrays = np.load(os.path.join(folder, "net.npz"))
description = json.load(open(os.path.join(folder, "net.json")))
weights = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
mean, std = (torch.tensor(description["preprocessing"][k]).reshape(1, 3, 1, 1) for k in ("mean", "std"))


def padded(x, pads, value=0.0):
    top, left, bottom, right = pads
    return f.pad(x, (left, right, top, bottom), value=value)


def gemm(x, w, b, attributes):
    return x @ (w.T if attributes.get("transB") else w) + b


ops = {
    "Conv": lambda a, x, w, b: f.conv2d(padded(x, a.get("pads", [0] * 4)), w, b, a.get("strides", 1), groups=a.get("group", 1)),
    "Relu": lambda a, x: f.relu(x),
    "MaxPool": lambda a, x: f.max_pool2d(x, a["kernel_shape"], a["strides"]),
    "Add": lambda a, x, y: x + y,
    "Reshape": lambda a, x, _: x.flatten(1),
    "ReduceMean": lambda a, x, _: x.mean((2, 3)),
    "Gemm": lambda a, x, w, b: gemm(x, w, b, a),
    "Identity": lambda a, x: x,
}


class Net(nn.Module):
    def forward(self, x):
        values = {**weights, "pixels": (x - mean) / std}
        for node in description["nodes"]:
            values[node["output"][0]] = ops[node["op"]](node["attributes"], *(values.get(name) for name in node["input"]))
        return values["logits"]


net = Net().eval()
images, labels = weights.pop("images"), weights.pop("labels").long()
with torch.no_grad():
    assert (net(images).argmax(1) == labels).all(), "another net"
torch.manual_seed(0)
kind, options, a = {"linf": "Linf", "l2": "L2", "l1": "L1"}[job["norm"]], job["options"], fb.attacks
attack = {
    "fgsm": lambda: getattr(a, f"{kind}FastGradientAttack")(),
    "pgd": lambda: getattr(a, f"{kind}ProjectedGradientDescentAttack")(),
    "deepfool": lambda: getattr(a, f"{kind}DeepFoolAttack")(),
    "carlini-wagner": lambda: a.L2CarliniWagnerAttack(options["searches"], options["steps"], initial_const=options["initialConst"]),
}
if job["use"] == "auto-pgd":
    import torchattacks

    attacked = torchattacks.APGD(net, kind, options["epsilon"], options["steps"], loss=options["loss"])(images, labels).detach()
else:
    model = fb.PyTorchModel(net, bounds=(0, 1), device="cpu")
    attacked = attack[job["use"]]()(model, images, labels, epsilons=job.get("epsilon"))[1]
with torch.no_grad():
    changed = net(attacked).argmax(1) != labels
p = {"linf": float("inf"), "l2": 2, "l1": 1}[job["norm"]]
norms = (attacked - images).flatten(1).norm(p, 1)
print(json.dumps({"changed": changed.tolist(), "norms": norms.tolist()}))
