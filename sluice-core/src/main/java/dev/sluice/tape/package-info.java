/** Reverse-mode automatic differentiation over coarse operations. */
package dev.sluice.tape;
