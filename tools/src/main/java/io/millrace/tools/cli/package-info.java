/**
 * The command {@code millrace} and its subcommands: they parse options, call what does the work,
 * and print the result.
 *
 * <p>The top of the module: it may use every other package, and none of them uses it.
 */
package io.millrace.tools.cli;
