/**
 * What comes in and what goes out, as both operators need it: source records with their origin and
 * original bytes, validation, dead letters, sampling defaults and output tags.
 *
 * <p>Depends on the schemas, on Flink, and on the engine's sampling parameters; it knows no
 * operator, nothing of {@code serving}, and no Kafka.
 */
package io.millrace.operators.record;
