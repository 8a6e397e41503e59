/** The formulas: a cell maps an input and a state to the next state, one step of all live sequences at a time. */
package dev.sluice.cell;
