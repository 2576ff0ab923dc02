/**
 * From logits to tokens and their log-probabilities: sampling parameters, the counter-based random
 * generator, penalties, filters and stop strings.
 *
 * <p>Plain Java that depends on nothing; the same logits, parameters and position give the same
 * token everywhere.
 */
package io.millrace.engine.sample;
