"""The deletion curve by Quantus, whose pixel flipping takes away 224 pixels a step."""
import torch

from nets import image, load, target


def deletion(name):
    import quantus

    model = load(name)
    metric = quantus.PixelFlipping(features_in_step=224, disable_warnings=True, display_progressbar=False)
    pictures, maps = image.numpy(), torch.rand_like(image[:, :1]).numpy()
    return lambda: metric(
        model=model, x_batch=pictures, y_batch=torch.tensor([target]).numpy(), a_batch=maps, device="cpu", batch_size=1
    )


jobs = {"deletion-225": deletion}
