"""Where words go that nobody painted, on models that come with a table of where things stand."""

from engine.placing.page import Placed as Placed
from engine.placing.page import place_words as place_words
