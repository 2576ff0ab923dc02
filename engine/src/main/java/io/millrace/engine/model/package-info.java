/**
 * Prepared models: the manifest, its checks, and read access to the mapped weights.
 *
 * <p>Depends on Jackson alone. It doesn't know how a checkpoint is converted ({@code prepare}) or
 * how a model is computed ({@code runtime}).
 */
package io.millrace.engine.model;
