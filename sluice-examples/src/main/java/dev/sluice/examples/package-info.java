/**
 * Programs that people have written with TF1, PyTorch and Keras, written with Sluice: each prints what the
 * original prints.
 */
package dev.sluice.examples;
