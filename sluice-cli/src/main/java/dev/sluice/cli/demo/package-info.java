/** The demonstration: languages identified by the names that every JDK carries. */
package dev.sluice.cli.demo;
