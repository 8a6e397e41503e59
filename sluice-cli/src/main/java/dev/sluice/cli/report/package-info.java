/** The page that shows how a run goes, and what it is made of. */
package dev.sluice.cli.report;
