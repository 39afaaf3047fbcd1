"""Where words are in a picture that is there already, whoever made it: masks from a denoiser's attention."""
