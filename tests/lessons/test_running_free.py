"""What lesson 8 says of a network that reads its own words: the likeliest ones, and drawn ones."""

import numpy as np

from helpers import english
from helpers.english.language import chain
from helpers.english.sentences import as_text


def test_likeliest_words_end_in_a_loop():
    network, words, state = english.load("rnn"), [chain().index["the"]], None
    while len(words) < 300:
        run = english.read(network, words[-1:], start=state)
        state = run.tape.states[-1]
        words.append(int(run.p[-1, :, 0].argmax()))
    assert words[16:292] == words[24:300]
    assert words[8:16] != words[16:24]
    assert as_text(words[16:24]) == "the small book is on the dogs ."


def test_18_of_20_drawn_texts_have_no_mistake():
    network, words, state = english.load("rnn"), np.full((1, 20), chain().index["the"]), None
    rngs = [np.random.default_rng(seed) for seed in range(20)]
    while len(words) < 200:
        run = english.read(network, words[-1:], start=state)
        state, p = run.tape.states[-1], (run.p[-1] / run.p[-1].sum(axis=0)).T
        words = np.vstack([words, [rng.choice(36, p=p_b) for rng, p_b in zip(rngs, p, strict=True)]])
    assert (chain().walk(words)[-1] >= 0).sum() == 18
