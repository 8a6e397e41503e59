/** Sluice against numbers that other frameworks computed. */
package dev.sluice.golden;
