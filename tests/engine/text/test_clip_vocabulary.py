"""CLIP's vocabulary made from its merges, against the published file."""

import hashlib
import json

from engine.text.clip_vocabulary import shipped_merges, vocabulary


def test_it_is_the_published_vocabulary():
    words = vocabulary(shipped_merges())
    assert (len(words), words["!"], words["a</w>"], words["<|endoftext|>"]) == (49_408, 0, 320, 49_407)
    text = json.dumps(words, sort_keys=True, ensure_ascii=False)
    published = "f3494b2b345fa180ca51ec80ab47d1bbb0218d60089264d5ee9bb0619af4a4b7"
    assert hashlib.sha256(text.encode()).hexdigest() == published
