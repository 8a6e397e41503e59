/** The workloads whose speed is measured, and Sluice's runs of them. */
package dev.sluice.cli.bench;
