/**
 * Records as plain JSON, for files, examples and the console: reading refuses unknown fields and
 * names the field and the value that are wrong.
 *
 * <p>Depends on the records, Avro and Jackson.
 */
package io.millrace.schemas.json;
