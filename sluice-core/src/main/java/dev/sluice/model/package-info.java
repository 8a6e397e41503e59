/** Networks with what belongs to them: vocabulary, labels, configuration. */
package dev.sluice.model;
