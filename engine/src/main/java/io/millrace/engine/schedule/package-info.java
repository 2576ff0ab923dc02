/**
 * Decides what each step computes: which sequences run, how many prompt tokens they get, who is
 * preempted, and how tenants share the engine.
 *
 * <p>Plain Java over {@code kv} and {@code schedule.draft}; it knows neither model nor runtime.
 */
package io.millrace.engine.schedule;
