/**
 * The subcommands of {@code millrace model}: build, random, show.
 *
 * <p>Depends on the engine's {@code model} and {@code prepare}, on {@code console} and the shared
 * options.
 */
package io.millrace.tools.cli.model;
