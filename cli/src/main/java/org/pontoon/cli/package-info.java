/**
 * The {@code pontoon} command: one class for each subcommand, all of them thin. They check options, read files, call the engine, write
 * files and say what happened; the formulas live below.
 */
package org.pontoon.cli;
