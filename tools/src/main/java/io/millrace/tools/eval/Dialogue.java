package io.millrace.tools.eval;

import io.millrace.engine.Engine;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Role;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.engine.sample.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Holds one conversation with an engine: each answer stands in the history of the next turn. Its
 * turns follow each other on the engine's own thread, so that many dialogues fill its batch.
 */
final class Dialogue {

  private final Engine engine;
  private final SamplingParameters sampling;
  private final EvalConversation conversation;
  private final List<TokenTurn> history = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();

  Dialogue(Engine engine, SamplingParameters sampling, EvalConversation conversation) {
    this.engine = engine;
    this.sampling = sampling;
    this.conversation = conversation;
  }

  /** The answers, one per turn, when the last of them is there. */
  CompletableFuture<List<String>> start() {
    if (answers.size() == conversation.turns().size()) {
      return CompletableFuture.completedFuture(answers);
    }
    ChatFormat chat = engine.chatFormat();
    String text = conversation.turns().get(answers.size()).user();
    int[] query = chat.query(List.of(new Message(Role.USER, text)));
    int room = engine.maxSequenceLength() - sampling.maxNewTokens();
    int[] prompt = chat.prompt(chat.system(conversation.system()), history, query, room).ids();
    String id = conversation.id() + "/" + answers.size();
    GenerationFuture answer = new GenerationFuture();
    // What follows is attached first, so that it never runs on the thread that submits.
    CompletableFuture<List<String>> end =
        answer.thenCompose(
            result -> {
              answers.add(result.text());
              history.add(new TokenTurn(query, result.tokens()));
              return start();
            });
    engine.submit(new GenerationRequest(id, prompt, sampling, 0, 0), answer);
    return end;
  }
}
