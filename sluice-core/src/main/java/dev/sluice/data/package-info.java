/** From files to batches: labelled texts, tokens, vocabularies, splits, order of training. */
package dev.sluice.data;
