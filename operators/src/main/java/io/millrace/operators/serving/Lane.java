package io.millrace.operators.serving;

/**
 * Keys that wait together for places in the engine, one place asked for at a time and given to the
 * first of them. A key that owns its lane has its own place in the engine's queue.
 *
 * @param priority that of {@link io.millrace.engine.Admission}
 * @param tenant whose tokens are counted
 * @param alone whether nobody else may be in the engine meanwhile
 * @param owner the only key of this lane; null where many share it
 */
public record Lane<K>(int priority, String tenant, boolean alone, K owner) {

  /** The lane of all keys with a priority and a tenant. */
  public static <K> Lane<K> shared(int priority, String tenant) {
    return new Lane<>(priority, tenant, false, null);
  }
}
