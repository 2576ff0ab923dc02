/**
 * Random faults on a job under load, and the judgement of everything that it wrote: losses,
 * duplicates, order and content.
 *
 * <p>Runs the main job of {@code job} with engines that fail on demand, on the clusters of {@code
 * kafka} and {@code process}.
 */
package io.millrace.tools.chaos;
