/**
 * Opens the runtime of a device for a prepared model, and decides what depends on the device alone,
 * such as the size of a KV block.
 *
 * <p>The only package that names a device's runtime: everybody else asks here for a {@link
 * io.millrace.engine.runtime.ModelRuntime}. It stands apart from {@code runtime}, which all devices
 * implement and which therefore knows none of them.
 */
package io.millrace.engine.runtime.device;
