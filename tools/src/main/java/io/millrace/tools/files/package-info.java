/**
 * Files in and out: reads documents and requests from files, extracts text, and runs the document
 * operator over them until each has its summary.
 *
 * <p>Depends on the document operator, {@code job.config}, {@code cluster} and {@code console}.
 */
package io.millrace.tools.files;
