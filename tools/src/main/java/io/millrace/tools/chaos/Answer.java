package io.millrace.tools.chaos;

import io.millrace.schemas.Completion;
import io.millrace.schemas.FinishReason;
import java.util.List;

/**
 * What a request must get, whatever happens to the job.
 *
 * @param chunks the texts of its chunks by index, if they are asked for
 */
record Answer(
    int turn,
    String text,
    FinishReason reason,
    int promptTokens,
    int completionTokens,
    List<String> chunks) {

  /** The confirmation of a request that needs no model. */
  static Answer confirmation(FinishReason reason) {
    return new Answer(0, "", reason, 0, 0, List.of());
  }

  boolean is(Completion completion) {
    return turn == completion.getTurn()
        && text.equals(completion.getText())
        && reason == completion.getFinishReason()
        && promptTokens == completion.getUsage().getPromptTokens()
        && completionTokens == completion.getUsage().getCompletionTokens();
  }
}
