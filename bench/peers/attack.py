"""Projected gradient descent by foolbox, its own defaults but for the radius."""
from nets import image, load


def pgd(name):
    import foolbox

    model = foolbox.PyTorchModel(load(name), bounds=(0, 1), device="cpu")
    attack = foolbox.attacks.LinfProjectedGradientDescentAttack(steps=40)
    label = model(image).argmax(1)
    return lambda: attack(model, image, label, epsilons=8 / 255)


jobs = {"pgd-40": pgd}
