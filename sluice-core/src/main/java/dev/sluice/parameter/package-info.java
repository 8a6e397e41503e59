/** The weights of a model: named windows of two large arrays, and how they start. */
package dev.sluice.parameter;
