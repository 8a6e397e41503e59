/** Row-major float windows, packed ragged sequences, and seeded random numbers. */
package dev.sluice.matrix;
