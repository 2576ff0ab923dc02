/**
 * The tensors of a checkpoint: safetensors files, their number formats, and the matrices that are
 * read from them piece by piece, so that memory stays bounded.
 *
 * <p>Depends on what {@code model} declares; it knows no model family.
 */
package io.millrace.engine.prepare.tensors;
