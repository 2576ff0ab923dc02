/**
 * Measures the quality of answers: whole conversations, long contexts, and summaries scored by
 * Rouge.
 *
 * <p>Depends on the engine, and on {@code files} to summarise as the job does; no command line
 * here.
 */
package io.millrace.tools.eval;
