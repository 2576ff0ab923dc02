/**
 * The inner loops over rows of activations and blocks of keys and values, each with the Vector API
 * and in plain Java, with the same bits from both.
 *
 * <p>Depends on the JDK and a logger alone.
 */
package io.millrace.engine.runtime.kernel;
