/** The Numenta Anomaly Benchmark: its data, its scoring, and how Sluice's detector does. */
@org.jspecify.annotations.NullMarked
package dev.sluice.examples.nab;
