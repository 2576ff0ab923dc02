package io.millrace.operators.conversation;

import io.millrace.engine.Engine;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Prompt;
import io.millrace.engine.chat.PromptTooLongException;
import io.millrace.engine.chat.Role;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.operators.conversation.state.Session;
import io.millrace.operators.record.InvalidRequestException;
import io.millrace.operators.record.RequestValidator;
import io.millrace.operators.record.SafeText;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.operators.record.Seeds;
import io.millrace.schemas.ContextPolicy;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.SamplingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns a request and the state of its conversation into a prompt for the engine. */
final class TurnPreparer {
  private final ChatFormat format;
  private final SamplingDefaults defaults;
  private final String model;
  private final int vocabulary;
  private final int maxSequence;
  private final int[] defaultSystem;

  TurnPreparer(Engine engine, SamplingDefaults defaults) {
    this.format = engine.chatFormat();
    this.defaults = defaults;
    this.model = engine.manifest().name();
    this.vocabulary = engine.tokenizer().vocabularySize();
    this.maxSequence = engine.maxSequenceLength();
    // A model without a chat format must stop the job here, not make every request a dead letter.
    format.close();
    defaultSystem = format.system(null);
  }

  /** Checks what only the model can tell. */
  void check(ConversationRequest request) throws InvalidRequestException {
    String asked = request.getModel();
    if (asked != null && !asked.equals(model)) {
      throw new InvalidRequestException(
          "model", "is " + SafeText.value(asked) + ": this job answers with \"" + model + "\"");
    }
    SamplingOptions sampling = request.getSampling();
    if (sampling == null) {
      return;
    }
    ids("sampling.stop_ids", sampling.getStopIds());
    ids("sampling.logprob_token_ids", sampling.getLogprobTokenIds());
    Integer maxNew = sampling.getMaxNewTokens();
    if (maxNew != null && maxNew >= maxSequence) {
      throw new InvalidRequestException(
          "sampling.max_new_tokens",
          "is " + maxNew + ": prompt and answer together have room for " + maxSequence);
    }
  }

  private void ids(String field, List<Integer> ids) throws InvalidRequestException {
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new InvalidRequestException(
            field, "holds " + id + ": token ids of the model are 0 to " + (vocabulary - 1));
      }
    }
  }

  /**
   * @param stored the conversation's turns so far
   * @throws PromptTooLongException if the new messages alone do not fit, or not with all turns and
   *     the request wants all of them
   */
  PreparedTurn prepare(ConversationRequest request, Session session, List<TokenTurn> stored) {
    List<Message> messages = messages(request);
    int[] systemIds =
        request.getSystem() == null ? session.systemIds() : format.system(request.getSystem());
    if (messages.get(0).role() == Role.SYSTEM) {
      systemIds = format.system(messages.get(0).content());
      messages = messages.subList(1, messages.size());
    }

    boolean replaces = messages.stream().anyMatch(m -> m.role() == Role.ASSISTANT);
    List<TokenTurn> history = replaces ? new ArrayList<>() : stored;
    List<Message> open = new ArrayList<>();
    for (Message message : messages) {
      if (message.role() == Role.ASSISTANT) {
        history.add(new TokenTurn(format.query(open), format.answer(message.content())));
        open = new ArrayList<>();
      } else {
        open.add(message);
      }
    }
    int[] query = format.query(open);
    SamplingParameters sampling =
        defaults.resolve(request.getSampling(), Seeds.of(request.getRequestId()));
    int[] start = systemIds == null ? defaultSystem : systemIds;
    Prompt prompt = format.prompt(start, history, query, maxPrompt(request, sampling));
    GenerationRequest generation =
        new GenerationRequest(
            SafeText.text(request.getRequestId(), RequestValidator.MAX_ID_LENGTH),
            prompt.ids(),
            sampling,
            request.getPriority(),
            request.getTenant(),
            request.getDeadline() == null ? 0 : request.getDeadline().toEpochMilli());
    int trimmed = replaces ? 0 : session.trimmedTurns();
    if (request.getContextPolicy() == ContextPolicy.REJECT && trimmed + prompt.droppedTurns() > 0) {
      throw new PromptTooLongException(
          "context_policy is REJECT and "
              + (trimmed + prompt.droppedTurns())
              + " of the conversation's "
              + (trimmed + history.size())
              + " turns do not fit a prompt of "
              + maxPrompt(request, sampling)
              + " tokens: send TRUNCATE_OLDEST or a RESET, lower sampling.max_new_tokens, or raise"
              + " engine.max-sequence-length");
    }
    return new PreparedTurn(
        generation,
        query,
        systemIds,
        history,
        replaces,
        trimmed + history.size() + 1,
        trimmed + prompt.droppedTurns());
  }

  // The room that a request asks for is kept free; the default gives way to a long prompt by half.
  private int maxPrompt(ConversationRequest request, SamplingParameters sampling) {
    boolean asked =
        request.getSampling() != null && request.getSampling().getMaxNewTokens() != null;
    int room = sampling.maxNewTokens();
    return maxSequence - (asked ? room : Math.min(room, Math.max(1, maxSequence / 2)));
  }

  private static List<Message> messages(ConversationRequest request) {
    if (request.getText() != null) {
      return List.of(new Message(Role.USER, request.getText()));
    }
    return request.getMessages().stream()
        .map(m -> new Message(Role.valueOf(m.getRole().toUpperCase(Locale.ROOT)), m.getContent()))
        .toList();
  }
}
