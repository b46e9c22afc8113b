"""Whether a training goes well: symptoms, and the diagnosis made of them."""
