package io.millrace.tools.chaos;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.RequestKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What one user sends. Many conversations may follow the same script; all get the same answers. */
record Script(int number, List<Step> steps) {
  private static final int MIN_STEPS = 4;
  private static final int MAX_STEPS = 8;
  private static final int MIN_TOKENS = 20;
  private static final List<String> TEXTS =
      List.of(
          "Hello!",
          "My name is Mira and I live in Lisbon.",
          "My dog is called Bruno. He is four years old.",
          "What is my name?",
          "What is my dog called?",
          "Thank you. Who are you?",
          "我叫小林，住在杭州。",
          "我叫什么名字？",
          "The bridge was opened in 1931. It is 210 metres long. How long is the bridge?");

  /**
   * So many scripts, the same for the same seed.
   *
   * @param maxTokens of an answer
   */
  static List<Script> random(int count, int maxTokens, long seed) {
    Random random = new Random(seed);
    List<Script> scripts = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      int length = MIN_STEPS + random.nextInt(MAX_STEPS - MIN_STEPS + 1);
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        steps.add(i == 0 ? turn(random, maxTokens) : step(random, maxTokens));
      }
      scripts.add(new Script(number, steps));
    }
    return scripts;
  }

  private static Step step(Random random, int maxTokens) {
    return switch (random.nextInt(10)) {
      case 0 -> Step.command(RequestKind.RESET);
      case 1 -> Step.command(RequestKind.CANCEL);
      default -> turn(random, maxTokens);
    };
  }

  private static Step turn(Random random, int maxTokens) {
    return new Step(
        RequestKind.TURN,
        TEXTS.get(random.nextInt(TEXTS.size())),
        random.nextInt(4) == 0 ? 0 : 0.5 + random.nextInt(8) / 10.0,
        random.nextLong(),
        MIN_TOKENS + random.nextInt(maxTokens - MIN_TOKENS + 1),
        random.nextBoolean());
  }

  /**
   * The id of a conversation that follows this script; {@link #numberOf} reads the script in it.
   */
  String conversation(int use) {
    return "s" + number + "-" + use;
  }

  static int numberOf(String conversation) {
    return Integer.parseInt(conversation.substring(1, conversation.indexOf('-')));
  }

  static String requestId(String conversation, int step) {
    return conversation + "/" + step;
  }

  static int stepOf(String requestId) {
    return Integer.parseInt(requestId.substring(requestId.indexOf('/') + 1));
  }

  ConversationRequest request(String conversation, int step) {
    return steps.get(step).request(conversation, requestId(conversation, step));
  }
}
