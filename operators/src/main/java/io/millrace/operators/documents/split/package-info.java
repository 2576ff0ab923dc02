/**
 * Splits a text at the borders of paragraphs, code, tables and sentences into chunks that fit their
 * prompts exactly. Every character ends up in at least one chunk.
 *
 * <p>Depends on ICU alone; whoever calls it brings the count of tokens.
 */
package io.millrace.operators.documents.split;
