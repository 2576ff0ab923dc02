package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedEnginesTest {

  private final List<String> events = new ArrayList<>();

  private Engine open(EngineOptions options) {
    events.add("open " + options.modelDirectory());
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              events.add(method.getName() + " " + options.modelDirectory());
              if (method.getName().equals("submit")) {
                throw new EngineStoppedException("the engine is closed");
              }
              return method.getReturnType() == int.class ? 7 : null;
            });
  }

  private Engine acquire(String model) throws Exception {
    return SharedEngines.acquire(EngineOptions.defaults(model), this::open);
  }

  @Test
  void opensOnceAndClosesWithTheLastUser() throws Exception {
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
  void opensAgainAfterTheLastUserHasGone() throws Exception {
    acquire("a").close();
    acquire("a").close();
    assertThat(events).containsExactly("open a", "close a", "open a", "close a");
  }

  @Test
  void opensAnotherWhereOneHasFailedThoughItIsStillHeld() throws Exception {
    Engine idle = acquire("a");
    Engine busy = acquire("a");
    assertThatThrownBy(() -> busy.submit(null, null)).isInstanceOf(EngineStoppedException.class);
    busy.close();
    events.clear();

    Engine restarted = acquire("a");
    assertThat(events).containsExactly("open a");
    idle.close();
    Engine another = acquire("a");
    assertThat(events).containsExactly("open a", "close a");
    restarted.close();
    another.close();
    assertThat(events).containsExactly("open a", "close a", "close a");
  }

  @Test
  void keepsOtherOptionsApart() throws Exception {
    try (Engine a = acquire("a");
        Engine b = acquire("b")) {
      assertThat(a).isNotSameAs(b);
    }
    assertThat(events).containsExactly("open a", "open b", "close b", "close a");
  }

  @Test
  void forgetsAnEngineThatCouldNotBeOpened() throws Exception {
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
  void oneUserAtATimeReportsItsStatistics() throws Exception {
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
