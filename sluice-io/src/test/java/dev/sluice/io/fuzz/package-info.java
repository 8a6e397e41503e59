/** Damaged files for the readers: each must read them or refuse them, quickly and in one line. */
package dev.sluice.io.fuzz;
