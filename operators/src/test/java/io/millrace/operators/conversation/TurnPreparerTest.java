package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Engine;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.PromptTooLongException;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.operators.conversation.state.Session;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.ContextPolicy;
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

  @Test
  void shouldLeaveOutOldTurnsOnlyWhereTheRequestAllowsIt() {
    TurnPreparer preparer = new TurnPreparer(engine, SamplingDefaults.standard());
    var request = Requests.turn("c", "r").build();
    List<TokenTurn> small = List.of(new TokenTurn(new int[20], new int[20]));
    List<TokenTurn> large =
        List.of(new TokenTurn(new int[150], new int[50]), new TokenTurn(new int[20], new int[20]));

    assertThat(preparer.prepare(request, Session.fresh(), large).droppedTurns()).isEqualTo(1);
    request.setContextPolicy(ContextPolicy.REJECT);
    assertThat(preparer.prepare(request, Session.fresh(), small).droppedTurns()).isZero();
    assertThatThrownBy(() -> preparer.prepare(request, Session.fresh(), large))
        .isInstanceOf(PromptTooLongException.class)
        .hasMessageStartingWith(
            "context_policy is REJECT and 1 of the conversation's 2 turns do not fit a prompt of "
                + TestEngine.MAX_SEQUENCE / 2
                + " tokens");
    assertThatThrownBy(() -> preparer.prepare(request, Session.fresh().trimmed(3), small))
        .as("turns that are not even kept any more")
        .hasMessageContaining("3 of the conversation's 4 turns");
  }

  private static int[] prompt(
      TurnPreparer preparer, io.millrace.schemas.ConversationRequest request) {
    return preparer.prepare(request, Session.fresh(), List.of()).generation().prompt();
  }
}
