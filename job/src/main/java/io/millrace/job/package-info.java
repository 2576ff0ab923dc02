/**
 * The entry point on a Flink cluster and the options that every command shares which runs the job.
 * What a cluster runs is in this module; what a person runs is in {@code tools}.
 *
 * <p>Puts together {@code config}, {@code kafka} and {@code topology}.
 */
package io.millrace.job;
