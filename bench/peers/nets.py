"""torchvision's nets with random weights, a picture and the class to explain."""
import time

import torch, torchvision

target = 7
image = torch.rand(1, 3, 224, 224)


def timed(run):
    """Milliseconds on the wall and of the processor; those that the run itself took apart, where it did."""
    wall, processor = time.perf_counter(), time.process_time()
    own = run()
    if isinstance(own, tuple) and own[0] == "timed":
        return own[1]
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)


def load(name):
    model = getattr(torchvision.models, name)(weights=None).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.ReLU):
            module.inplace = False
    return model


def last_layer(model, name):
    """The target layer of the CAM family: the last activation with more than one position."""
    if name.startswith("resnet"):
        return model.layer4[-1]
    return model.classifier[2] if name.startswith("squeezenet") else model.features[29]


def canonizers(name):
    from zennit.torchvision import ResNetCanonizer

    return [ResNetCanonizer()] if name.startswith("resnet") else []


def forward(model):
    def run():
        with torch.no_grad():
            model(image)

    return run
