package io.millrace.tools.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.Engine;
import io.millrace.engine.sample.SamplingParameters;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;

/** Writes a model's answers to conversations for a scorer, one JSON object a line. */
public final class AnswerFile {
  private AnswerFile() {}

  /** One answer: the conversation's id, its turn from 0, and what the model said. */
  record Answer(String id, int turn, String text) {}

  /**
   * Holds all the conversations at one time and writes their answers in the file's order.
   *
   * @param progress hears how many conversations have ended
   * @throws IOException if the file cannot be written or the engine fails
   */
  public static void write(
      Engine engine,
      SamplingParameters sampling,
      List<EvalConversation> conversations,
      Path file,
      IntConsumer progress)
      throws IOException, InterruptedException {
    List<CompletableFuture<List<String>>> running = new ArrayList<>();
    for (EvalConversation conversation : conversations) {
      running.add(new Dialogue(engine, sampling, conversation).start());
    }
    ObjectMapper json = new ObjectMapper();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < running.size(); i++) {
        String id = conversations.get(i).id();
        List<String> answers = await(id, running.get(i));
        for (int turn = 0; turn < answers.size(); turn++) {
          out.write(json.writeValueAsString(new Answer(id, turn, answers.get(turn))));
          out.newLine();
        }
        progress.accept(i + 1);
      }
    }
  }

  private static List<String> await(String id, CompletableFuture<List<String>> running)
      throws IOException, InterruptedException {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new IOException("conversation " + id + ": " + e.getCause().getMessage(), e.getCause());
    }
  }
}
