"""The main picture and the order of the gallery, for every listing."""
