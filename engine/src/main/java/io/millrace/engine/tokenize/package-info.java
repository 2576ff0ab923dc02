/**
 * Text to token ids and back: byte-level BPE over a ranks file, decoding that never emits half a
 * character, and the import of a checkpoint's tokenizer.
 *
 * <p>Depends on what {@code model} says about the tokenizer, and on jtokkit and Jackson.
 */
package io.millrace.engine.tokenize;
