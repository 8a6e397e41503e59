/** The classic tests of whether a recurrent network can remember, count and parse. */
@org.jspecify.annotations.NullMarked
package dev.sluice.examples.synthetic;
