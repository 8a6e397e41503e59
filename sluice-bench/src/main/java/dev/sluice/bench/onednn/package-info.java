/** oneDNN as a peer. */
package dev.sluice.bench.onednn;
