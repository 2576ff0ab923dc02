/**
 * Tidies what a model wrote: takes list marks out of partial summaries and ends a text that was cut
 * at its last whole sentence.
 *
 * <p>Plain text in, plain text out. Depends on ICU alone and knows neither documents nor prompts.
 */
package io.millrace.operators.documents.prose;
