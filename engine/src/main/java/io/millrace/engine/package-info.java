/**
 * The API of the engine: an {@link io.millrace.engine.Engine} takes a {@link
 * io.millrace.engine.GenerationRequest} and tells a {@link io.millrace.engine.GenerationListener}
 * what becomes of it. Whoever wants an engine opens one with {@code assembly}.
 *
 * <p>The signatures use types of {@code chat}, {@code model}, {@code sample}, {@code tokenize},
 * {@code schedule.draft} and {@code runtime}; nothing here knows how steps are computed. No package
 * of the engine module knows Flink, Kafka or the record schemas.
 */
package io.millrace.engine;
