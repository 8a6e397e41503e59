package dev.sluice.data;

import dev.sluice.matrix.Matrix;

/**
 * An example of the classification of number sequences.
 *
 * @param label what it belongs to
 * @param steps (T, C), a row for each step and a column for each channel
 */
public record LabelledSeries(String label, Matrix steps) {}
