/** Optimizers, schedules, clipping, metrics and the training loop. */
package dev.sluice.train;
