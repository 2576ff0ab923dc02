package io.millrace.schemas.wire;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.Message;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.SamplingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

final class Samples {
  private Samples() {}

  static ConversationRequest request(String id) {
    return ConversationRequest.newBuilder()
        .setRequestId(id)
        .setConversationId("c-1")
        .setKind(RequestKind.TURN)
        .setMessages(List.of(new Message("user", "你好"), new Message("tool", "{}")))
        .setSystem("Be brief.")
        .setSampling(
            SamplingOptions.newBuilder().setTemperature(0.5).setStop(List.of("\n")).build())
        .setDeadline(Instant.ofEpochMilli(1_800_000_000_123L))
        .setMetadata(Map.of("k", "v"))
        .build();
  }

  static Schema v1() throws IOException {
    try (InputStream in = Samples.class.getResourceAsStream("/ConversationRequest-v1.avsc")) {
      return new Schema.Parser().parse(in);
    }
  }
}
