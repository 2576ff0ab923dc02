/**
 * The subcommands of {@code millrace bench}.
 *
 * <p>Depends on {@code bench}, {@code eval}, {@code console} and the shared options; it measures
 * nothing itself.
 */
package io.millrace.tools.cli.bench;
