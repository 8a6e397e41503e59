package dev.sluice.io;

/**
 * What was set for a training, besides the shape of the network, that a reader of config.json wants to
 * know. All that was set, so that it can be done again, is in run.yaml.
 *
 * @param optimizer by its name and arguments, such as {@code sgd(momentum=0.9)}
 * @param learningRate the base rate
 * @param schedule how the rate changes, by its name and arguments, such as {@code cosine}
 * @param clip limit of the gradients' global norm; 0 for none
 * @param batch sequences in a batch
 * @param epochs passes over the training data at the most
 * @param patience stops after that many epochs without a better one; 0 for never
 * @param minCount tokens and n-grams rarer than this in training are unknown
 * @param maxVocabulary tokens and n-grams in the vocabulary at the most
 * @param seed of the first weights, the order of batches and dropout
 */
public record Hyperparameters(
    String optimizer,
    float learningRate,
    String schedule,
    float clip,
    int batch,
    int epochs,
    int patience,
    int minCount,
    int maxVocabulary,
    long seed) {}
