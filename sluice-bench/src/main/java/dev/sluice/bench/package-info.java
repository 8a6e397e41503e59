/** Sluice beside its peers: the same workloads, weights and inputs, in turns, in one run. */
package dev.sluice.bench;
