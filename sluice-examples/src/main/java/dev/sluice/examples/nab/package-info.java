/** The Numenta Anomaly Benchmark: its data, its scoring, and how Sluice's detector does. */
package dev.sluice.examples.nab;
