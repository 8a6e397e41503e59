/** Networks from the files of other frameworks and back, whatever the format, and the proof that they compute the same. */
package dev.sluice.io.exchange;
