/**
 * Groups of options that several commands share.
 *
 * <p>Depends on the option types that they fill; no command is known here.
 */
package io.millrace.tools.cli.options;
