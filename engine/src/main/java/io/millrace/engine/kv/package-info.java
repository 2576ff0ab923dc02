/**
 * The bookkeeping of the paged KV cache: which block belongs to which sequence, which full blocks
 * can be reused, and which are evicted first. It holds ids of blocks, never keys or values.
 *
 * <p>Plain Java, used by one thread; depends on nothing.
 */
package io.millrace.engine.kv;
