package io.millrace.operators.record;

import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** What leaves the operators: completions as the main output, the others on the side. */
public final class Outputs {
  public static final TypeInformation<Traced<Completion>> COMPLETION =
      Traced.typeOf(Completion.class);

  public static final OutputTag<Traced<CompletionChunk>> CHUNKS =
      new OutputTag<>("chunks", Traced.typeOf(CompletionChunk.class));

  public static final OutputTag<Traced<DeadLetter>> DEAD_LETTERS =
      new OutputTag<>("dead-letters", Traced.typeOf(DeadLetter.class));

  private Outputs() {}
}
