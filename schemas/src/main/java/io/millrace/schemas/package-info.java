/**
 * The Avro records of Millrace: the classes generated from the schemas in {@code src/main/avro},
 * and what Avro must be told before it reads one.
 *
 * <p>Depends on Avro alone. Every other module may use these records except the engine, which knows
 * no stream.
 */
package io.millrace.schemas;
