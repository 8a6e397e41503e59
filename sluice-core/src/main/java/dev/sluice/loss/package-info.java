/** What training makes small. */
package dev.sluice.loss;
