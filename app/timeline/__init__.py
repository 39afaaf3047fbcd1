"""The noise timeline under the canvas: who denoises at which noise, the steps as ticks, and how far a run is."""
