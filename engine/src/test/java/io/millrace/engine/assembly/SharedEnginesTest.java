package io.millrace.engine.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedEnginesTest {

  private final List<String> events = new ArrayList<>();
  private int opened;

  private final List<String> stopped = new ArrayList<>();

  private Engine open(EngineOptions options) {
    String name = options.modelDirectory() + (opened++ == 0 ? "" : opened);
    events.add("open " + name);
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("isStopped")) {
                return stopped.contains(name);
              }
              events.add(method.getName() + " " + name);
              return method.getReturnType() == int.class ? 7 : null;
            });
  }

  private Engine acquire(String model) throws Exception {
    return SharedEngines.acquire(EngineOptions.defaults(model), this::open);
  }

  @Test
  void shouldOpenOnceAndCloseWithTheLastUser() throws Exception {
    Engine first = acquire("a");
    Engine second = acquire("a");
    assertThat(second.maxSequenceLength()).isEqualTo(7);
    first.close();
    first.close();
    assertThat(events).containsExactly("open a", "maxSequenceLength a");
    second.close();
    assertThat(events).containsExactly("open a", "maxSequenceLength a", "close a");
  }

  @Test
  void shouldOpenAgainAfterTheLastUserHasGone() throws Exception {
    acquire("a").close();
    acquire("a").close();
    assertThat(events).containsExactly("open a", "close a", "open a2", "close a2");
  }

  @Test
  void shouldOpenAnotherWhenOneHasFailedThoughItIsStillHeld() throws Exception {
    Engine idle = acquire("a");
    stopped.add("a");
    assertThat(idle.isStopped()).isTrue();
    events.clear();

    Engine restarted = acquire("a");
    assertThat(events)
        .as("the dead one frees its memory first")
        .containsExactly("close a", "open a2");
    assertThat(restarted.isStopped()).isFalse();
    idle.close();
    Engine another = acquire("a");
    assertThat(another.maxSequenceLength()).isEqualTo(7);
    restarted.close();
    another.close();
    assertThat(events.subList(2, 5)).containsExactly("close a", "maxSequenceLength a2", "close a2");
  }

  @Test
  void shouldKeepEnginesOfOtherOptionsApart() throws Exception {
    try (Engine a = acquire("a");
        Engine b = acquire("b")) {
      assertThat(a).isNotSameAs(b);
    }
    assertThat(events).containsExactly("open a", "open b2", "close b2", "close a");
  }

  @Test
  void shouldForgetAnEngineThatCouldNotBeOpened() throws Exception {
    EngineOptions options = EngineOptions.defaults("a");
    assertThatThrownBy(
            () ->
                SharedEngines.acquire(
                    options,
                    o -> {
                      throw new IllegalStateException("no model");
                    }))
        .hasMessage("no model");
    acquire("a").close();
    assertThat(events).containsExactly("open a", "close a");
  }

  @Test
  void shouldLetOneUserAtATimeReportTheStatistics() throws Exception {
    Engine silent = acquire("a");
    Engine first = acquire("a");
    Engine second = acquire("a");
    Engine other = acquire("b");

    assertThat(first.isReporter()).isTrue();
    assertThat(second.isReporter()).isFalse();
    assertThat(other.isReporter()).as("of another engine").isTrue();
    first.close();
    assertThat(first.isReporter()).isFalse();
    assertThat(second.isReporter()).isTrue();
    for (Engine engine : List.of(silent, second, other)) {
      engine.close();
    }
  }
}
