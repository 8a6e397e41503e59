/** DL4J as a peer. */
package dev.sluice.bench.dl4j;
