/** Whole networks as a chain of layers, such as Keras's {@code Sequential}, from sequences to an output. */
package dev.sluice.network;
