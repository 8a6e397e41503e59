/**
 * What the machine does: the inner loops, in plain Java and on the Vector API, and the threads that
 * share them.
 */
package dev.sluice.kernel;
