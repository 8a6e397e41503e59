/** Benchmarks of single kernels. */
package dev.sluice.bench.jmh;
