"""Every shipped member of the family, made small, learns something real within seconds."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

from musegan.evaluation.distances import standardised_difference
from musegan.evaluation.metrics import measure
from musegan.models.spectral import normalise
from musegan.models.store import load_model_folder
from musegan.training.chance import Chance
from musegan.training.contest import Contest, Verdict
from musegan.training.game import Game
from musegan.training.loop import train
from musegan.training.matching import Traits
from musegan.training.recipe import Recipe
from musegan.training.recipe_files import find_recipe, named_recipes, parse_recipe
from musegan.training.run_folder import MODEL
from musegan.training.sampling import sample_phrases
from musegan.training.state import new_state
from musegan.training.step import train_step
from pipelines.recipes import FOLDER

from .corpus import toy_corpus
from .test_loop import Diary

FAMILY = named_recipes("family", FOLDER)
OF_NETWORKS = {
    *("dcgan", "stylegan", "growing", "ada", "diffusion-gan", "acgan", "minibatch-deviation"),
}
SMALL = {"width": 16, "track_width": 24, "blocks": 1, "track_blocks": 1, "context": 32}
LATENTS = {"shared": 8, "shared_bar": 8, "track": 4, "track_bar": 4}


def member(name: str, rates: tuple[float, float], **changes) -> Recipe:
    """A family recipe with other rates, which small networks want."""
    settings = find_recipe(name, FOLDER).model_dump() | {"ema_half_life": 10}
    for network, rate in zip(("generator_adam", "critic_adam"), rates, strict=True):
        settings[network] |= {"rate": rate, "final": 0.1}
    return parse_recipe(settings | changes, name)


@dataclass(frozen=True)
class Pair:
    """Points of a plane, and noise to make others from."""

    real: Tensor
    noise: Tensor


POINTS: Contest[nn.Module, nn.Module, Pair, Recipe] = Contest(
    make=lambda generator, batch, recipe: generator(batch.noise),
    judge=lambda critic, points, batch: Verdict(critic(points).squeeze(1)),
    traits=lambda critic, points, batch: [Traits(points[:, None])],
)
CENTRE = torch.tensor([2.0, -1.0])
ROWS = 64


def draw(seed: int) -> Pair:
    random = torch.Generator().manual_seed(seed)
    real = CENTRE + torch.randn(ROWS, 2, generator=random) * torch.tensor([0.3, 1.0])
    return Pair(real, torch.randn(ROWS, 3, generator=random))


def apart(points: Tensor, real: Tensor) -> float:
    """Wasserstein distance along each axis, summed: points in order lie beside each other."""
    return (points.sort(0).values - real.sort(0).values).abs().mean(0).sum().item()


@pytest.mark.parametrize("name", [n for n in FAMILY if n.split("/")[1] not in OF_NETWORKS])
def test_losses_and_penalties_move_points_to_where_real_ones_are(name):
    # nothing but the game itself: no feature matching
    recipe = member(name, (4e-3, 8e-3), matching=0.0, batch=ROWS, steps=200)
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(3, 16), nn.LeakyReLU(0.2), nn.Linear(16, 2))
    critic = nn.Sequential(
        nn.Linear(2, 24), nn.LeakyReLU(0.2), nn.Linear(24, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1)
    )
    state = new_state(generator, normalise(critic) if recipe.critic.spectral else critic, recipe)
    test = draw(10_000)
    with torch.no_grad():
        before = apart(generator(test.noise), test.real)
    for step in range(recipe.steps):
        numbers = range(step * recipe.critic_steps, (step + 1) * recipe.critic_steps)
        chances = [Chance(number, of=ROWS) for number in numbers]
        train_step(Game(state, POINTS, recipe), [draw(number) for number in numbers], chances)
    with torch.no_grad():
        after = apart(state.average(test.noise), test.real)
    assert before > 2
    assert after < 0.5 * before


@pytest.mark.parametrize("name", sorted(OF_NETWORKS))
def test_networks_and_tricks_learn_the_music(name, tmp_path):
    networks = find_recipe(f"family/{name}", FOLDER)
    recipe = member(
        f"family/{name}",
        (3e-3, 2e-3),
        generator=networks.generator.model_dump() | SMALL | LATENTS,
        critic=networks.critic.model_dump() | {"width": 12},
        batch=8,
        # modulated layers fall silent before they find notes
        steps=120 if name == "stylegan" else 60,
        transpose=0,
        masks={"nothing": 1.0},
        log_every=1000,
        sample_every=1000,
        save_every=1000,
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    data, apart = toy_corpus(64), []
    real = measure(data.phrases, data.ensemble)
    for steps in (1, recipe.steps):
        run = tmp_path / str(steps)
        shorter = recipe.model_copy(update={"steps": steps})
        train(data, shorter, run, seed=3, device=torch.device("cpu"), monitor=Diary())
        made = sample_phrases(load_model_folder(run / MODEL)[0], data.phrases, 64, seed=1)
        apart.append(standardised_difference(measure(made, data.ensemble), real).mean)
    torch.set_num_threads(threads)
    assert apart[1] < 0.7 * apart[0]
