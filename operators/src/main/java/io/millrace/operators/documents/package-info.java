/**
 * The document operator: splits a document, has its parts summarised, and combines the answers
 * until one summary remains. Parts, prompts and answers are keyed state.
 *
 * <p>Depends on {@code record}, {@code serving}, the engine's API and the schemas. It doesn't know
 * {@code conversation}.
 */
package io.millrace.operators.documents;
