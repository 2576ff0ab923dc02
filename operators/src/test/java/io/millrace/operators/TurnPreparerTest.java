package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Engine;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.operators.state.Session;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.SamplingOptions;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnPreparerTest {
  private final TestEngine engine = new TestEngine();

  @Test
  void shouldRefuseAModelWithoutChatFormat() {
    ChatFormat none =
        (ChatFormat)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ChatFormat.class},
                (proxy, method, arguments) -> {
                  throw new IllegalStateException("no chat format");
                });
    Engine chatless =
        (Engine)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Engine.class},
                (proxy, method, arguments) ->
                    method.getName().equals("chatFormat")
                        ? none
                        : method.invoke(engine, arguments));

    assertThatThrownBy(() -> new TurnPreparer(chatless, SamplingDefaults.standard()))
        .hasMessage("no chat format");
  }

  @Test
  void shouldKeepTheRoomThatARequestAsksFor() {
    TurnPreparer preparer = new TurnPreparer(engine, SamplingDefaults.standard());
    int longest = TestEngine.MAX_SEQUENCE - 300;
    var asked =
        Requests.turn("c", "r")
            .setText("x")
            .setSampling(SamplingOptions.newBuilder().setMaxNewTokens(300).build())
            .build();
    int around = prompt(preparer, asked).length - 1;

    asked.setText("x".repeat(longest - around));
    assertThat(prompt(preparer, asked)).hasSize(longest);
    asked.setText("x".repeat(longest - around + 1));
    assertThatThrownBy(() -> prompt(preparer, asked)).hasMessageContaining("limit is " + longest);

    // The default of 512 is more than the context: it gives way by half.
    asked.setSampling(null);
    assertThat(prompt(preparer, asked)).hasSize(longest + 1);
  }

  private static int[] prompt(
      TurnPreparer preparer, io.millrace.schemas.ConversationRequest request) {
    return preparer.prepare(request, Session.fresh(), List.of()).generation().prompt();
  }
}
