"""Where words go that nobody painted, and what shape round paint has, on models that know where things stand."""

from engine.placing.fitting import fit_words as fit_words
from engine.placing.page import Placed as Placed
from engine.placing.page import place_words as place_words
