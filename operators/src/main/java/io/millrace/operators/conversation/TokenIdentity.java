package io.millrace.operators.conversation;

import io.millrace.engine.Engine;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.operators.record.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What the token ids in the state mean. A history of another tokenizer or chat format would be
 * noise to the model, and its answers would be too, without an error anywhere.
 */
final class TokenIdentity {
  private final ListState<String> known;

  TokenIdentity(OperatorStateStore store) throws Exception {
    // Every subtask sees what all have written.
    known = store.getUnionListState(new ListStateDescriptor<>("token-identity", Types.STRING));
  }

  /**
   * @throws IllegalStateException if the restored state was written with other tokens
   */
  void check(Engine engine) throws Exception {
    String own = of(engine);
    for (String restored : known.get()) {
      if (!restored.equals(own)) {
        throw new IllegalStateException(
            "the restored conversations hold tokens of chat format and tokenizer "
                + restored
                + ", those of model "
                + engine.manifest().name()
                + " are "
                + own
                + ": set model.directory back, or start afresh with another checkpoints.directory");
      }
    }
    known.update(List.of(own));
  }

  private static String of(Engine engine) {
    Tokenizer tokenizer = engine.tokenizer();
    MessageDigest digest = Digests.sha256();
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      byte[] bytes = tokenizer.bytes(id);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      digest.update(bytes);
    }
    String names = new TreeMap<>(tokenizer.controlTokens()).toString();
    digest.update(names.getBytes(StandardCharsets.UTF_8));
    String hash = HexFormat.of().formatHex(digest.digest(), 0, 8);
    return engine.chatFormat().name() + "-" + hash;
  }
}
