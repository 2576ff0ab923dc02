package io.millrace.operators.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;

/** A task's state on the heap, which counts how often an operator reaches into its maps. */
public final class CountedState implements StateBackend {
  private static final long serialVersionUID = 1L;

  private final HashMapStateBackend heap = new HashMapStateBackend();
  private final Map<String, Long> accesses = new HashMap<>();
  private HeapKeyedStateBackend<?> keyed;

  /** How often an entry of the map state of this name was read, looked for or written. */
  public long accesses(String name) {
    return accesses.get(name);
  }

  /** How many values all keys have. */
  public int entries() {
    return keyed.numKeyValueStateEntries();
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K> CheckpointableKeyedStateBackend<K> createKeyedStateBackend(
      KeyedStateBackendParameters<K> parameters) throws Exception {
    keyed = (HeapKeyedStateBackend<?>) heap.createKeyedStateBackend(parameters);
    return proxy(
        CheckpointableKeyedStateBackend.class,
        keyed,
        (method, arguments, result) ->
            method.getName().equals("getPartitionedState") && result instanceof MapState
                ? counted((MapState<?, ?>) result, (StateDescriptor<?, ?>) arguments[2])
                : result);
  }

  private MapState<?, ?> counted(MapState<?, ?> state, StateDescriptor<?, ?> descriptor) {
    accesses.put(descriptor.getName(), 0L);
    return proxy(
        MapState.class,
        state,
        (method, arguments, result) -> {
          accesses.merge(descriptor.getName(), 1L, Long::sum);
          return result;
        });
  }

  @Override
  public OperatorStateBackend createOperatorStateBackend(OperatorStateBackendParameters parameters)
      throws Exception {
    return heap.createOperatorStateBackend(parameters);
  }

  private interface Returned {
    Object by(Method method, Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> type, T target, Returned returned) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return returned.by(method, arguments, method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
