/**
 * Output for a terminal: lines that rewrite themselves, progress, and text cut to width. Without a
 * terminal everything becomes plain lines.
 *
 * <p>Depends on the settings, whose waits it announces; it knows nothing of what is shown.
 */
package io.millrace.tools.console;
