/**
 * Records as bytes on Kafka: Avro's single-object encoding and Confluent's framing, written by any
 * version of a schema that is known. A record that can't be read ends in a {@link
 * io.millrace.schemas.wire.DecodeException} and never touches the next one.
 *
 * <p>Depends on the records and Avro; it knows neither Kafka nor Flink.
 */
package io.millrace.schemas.wire;
