/** Files of Keras 1, 2, tf.keras and 3: read into networks, and written from them. */
package dev.sluice.io.keras;
