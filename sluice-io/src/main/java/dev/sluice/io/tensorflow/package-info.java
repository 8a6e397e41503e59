/** Weights of TensorFlow 1: checkpoints and frozen graphs, and the recurrent cells among them. */
package dev.sluice.io.tensorflow;
