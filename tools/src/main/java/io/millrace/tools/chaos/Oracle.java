package io.millrace.tools.chaos;

import io.millrace.engine.Engine;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Role;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.schemas.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Knows the right answers: those of a model that nothing happens to, without Flink and Kafka. */
final class Oracle {
  private final Engine engine;
  private final ChatFormat format;

  Oracle(Engine engine) {
    this.engine = engine;
    this.format = engine.chatFormat();
  }

  /** The answers to these scripts, of each to each of its steps. */
  List<List<Answer>> answers(List<Script> scripts) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(scripts.size());
    try {
      List<Callable<List<Answer>>> conversations = new ArrayList<>();
      scripts.forEach(script -> conversations.add(() -> converse(script)));
      List<List<Answer>> answers = new ArrayList<>();
      for (Future<List<Answer>> conversation : threads.invokeAll(conversations)) {
        answers.add(conversation.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Answer> converse(Script script) throws Exception {
    List<Answer> answers = new ArrayList<>();
    List<TokenTurn> history = new ArrayList<>();
    for (Step step : script.steps()) {
      switch (step.kind()) {
        case RESET -> {
          history.clear();
          answers.add(Answer.confirmation(FinishReason.RESET));
        }
        case CANCEL -> answers.add(Answer.confirmation(FinishReason.CANCELLED));
        default -> answers.add(turn(step, history));
      }
    }
    return answers;
  }

  private Answer turn(Step step, List<TokenTurn> history) throws Exception {
    int[] query = format.query(List.of(new Message(Role.USER, step.text())));
    int room = engine.maxSequenceLength() - step.maxNewTokens();
    int[] prompt = format.prompt(format.system(null), history, query, room).ids();
    List<String> chunks = new ArrayList<>();
    GenerationFuture answer = new GenerationFuture(chunks::add);
    engine.submit(new GenerationRequest("oracle", prompt, sampling(step), 0, 0), answer);
    GenerationResult result = answer.get();
    history.add(new TokenTurn(query, result.tokens()));
    return new Answer(
        history.size(),
        result.text(),
        FinishReason.valueOf(result.finishReason().name()),
        result.usage().promptTokens(),
        result.usage().completionTokens(),
        chunks);
  }

  private static SamplingParameters sampling(Step step) {
    return SamplingParameters.builder()
        .temperature(step.temperature())
        .topP(Step.TOP_P)
        .seed(step.seed())
        .maxNewTokens(step.maxNewTokens())
        .ignoreEos(true)
        .build();
  }
}
