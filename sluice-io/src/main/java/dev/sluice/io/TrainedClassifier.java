package dev.sluice.io;

import dev.sluice.model.TextClassifier;

/** A text classifier and how it came to be: what a {@link ModelDirectory} holds. */
public record TrainedClassifier(
    TextClassifier model, Hyperparameters hyperparameters, Provenance provenance) {}
