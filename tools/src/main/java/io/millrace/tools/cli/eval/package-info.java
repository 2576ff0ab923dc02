/**
 * The subcommands of {@code millrace eval}.
 *
 * <p>Depends on {@code eval}, {@code console} and the shared options.
 */
package io.millrace.tools.cli.eval;
