import torch
from torch import nn

from musegan.training.chance import Chance
from musegan.training.contest import Contest, Verdict
from musegan.training.game import Game
from musegan.training.state import new_state

from .corpus import toy_recipe

ROWS = 4
HEARD = Contest(make=None, judge=lambda critic, music, batch: Verdict(music), traits=None)


def test_the_critic_hears_what_the_recipe_does_to_music_by_then():
    recipe = toy_recipe(noise={"level": 0.5}, steps=10)
    game = Game(new_state(nn.Linear(1, 1), nn.Linear(1, 1), recipe), HEARD, recipe)
    silence = torch.zeros(ROWS, 3)
    spreads = []
    for game.state.step in (0, 5, 10):
        heard = game.as_heard(Chance(0, of=ROWS)).judge(None, silence, None).score
        spreads.append(heard.std().item())
    assert spreads[0] == 2 * spreads[1] > 0
    assert spreads[2] == 0
