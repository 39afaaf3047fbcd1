"""The labs: experiments that measure how a model follows paint, styles, experts and the prompt."""
