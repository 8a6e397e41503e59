/** How other frameworks name, order and store the parts of recurrent cells, as data. */
package dev.sluice.io.dialect;
