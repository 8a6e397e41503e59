/**
 * Files of TensorFlow: checkpoints and frozen graphs with the recurrent cells among them, and the
 * event files that TensorBoard shows.
 */
package dev.sluice.io.tensorflow;
