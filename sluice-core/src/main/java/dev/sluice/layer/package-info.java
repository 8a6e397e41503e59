/** Sequences in, sequences out: embedding, recurrent, dense. A layer is its sizes and names; weights come from the tape. */
package dev.sluice.layer;
