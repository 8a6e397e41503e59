/** The classic tests of whether a recurrent network can remember, count and parse. */
package dev.sluice.examples.synthetic;
