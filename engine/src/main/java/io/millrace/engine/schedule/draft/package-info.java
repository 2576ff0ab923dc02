/**
 * Guesses the next tokens of a sequence from its earlier ones, and learns how many guesses pay off.
 * The model checks every guess, so no answer depends on it.
 *
 * <p>Plain Java that depends on nothing.
 */
package io.millrace.engine.schedule.draft;
