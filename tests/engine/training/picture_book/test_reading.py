"""The sentences of a child's book: what is marked in them, and which of it is known."""

from engine.training.picture_book.reading import known_words, marked_nouns, sentences, unknown_nouns


def test_there_are_200_each_with_something_to_draw() -> None:
    texts = sentences()
    assert len(texts) == len(set(texts)) == 200
    assert all(marked_nouns(text) and text.count("*") % 2 == 0 for text in texts)
    assert marked_nouns("An *Owl* met two *polar bears*.") == ["owl", "polar bears"]


def test_most_of_their_nouns_are_known_in_either_number() -> None:
    assert {"fox", "foxes", "kitten", "puppies", "lake", "pond"} <= known_words()
    assert "democracy" not in known_words()
    unknown = unknown_nouns()
    total = sum(len(marked_nouns(text)) for text in sentences())
    assert 0.6 < 1 - len(unknown) / total < 1 and "icicles" in unknown and "dog" not in unknown
