package dev.sluice.io;

/**
 * Everything that was set for a training and is not the shape of the network: with the same data and
 * library it gives the same weights again.
 *
 * @param optimizer {@code adam} or {@code sgd}
 * @param learningRate the base rate
 * @param schedule how the rate changes over the epochs: {@code constant} or {@code cosine}
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
