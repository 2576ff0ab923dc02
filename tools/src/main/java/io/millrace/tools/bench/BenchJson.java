package io.millrace.tools.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.runtime.probe.MachineProbe;

/** A benchmark's result as one JSON object. */
public final class BenchJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchJson() {}

  public static String of(BenchResult result) throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    machine(result, root.putObject("machine"));
    ObjectNode model = root.putObject("model");
    model.put("name", result.model().name());
    model.put("precision", result.model().precision().toString());
    model.put("fingerprint", result.model().fingerprint());
    model.put("weights_bytes", result.weightsBytes());
    root.put("runs", result.plan().runs());
    root.put("new_tokens", result.plan().newTokens());
    root.put("batch_tokens", result.plan().batchTokens());
    for (Measurement m : result.prefill()) {
      speed(m, root.withArray("prefill").addObject().put("prompts", m.sequences()));
    }
    for (BenchResult.Decode decode : result.decode()) {
      Measurement m = decode.speed();
      ObjectNode node = root.withArray("decode").addObject().put("sequences", m.sequences());
      speed(m, node);
      node.put("peak_resident_bytes", decode.memory().peak());
      node.put("kv_pool_bytes", decode.memory().kvPool());
      node.put("peak_over_weights_and_kv", decode.memory().ratio());
    }
    result.leftOut().forEach(root.withArray("left_out")::add);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static void machine(BenchResult result, ObjectNode node) {
    MachineProbe probe = result.machine();
    node.put("cpu", result.cpu().name());
    node.put("cores", result.cpu().cores());
    result.cpu().vectors().forEach(node.withArray("vectors")::add);
    node.put("threads", probe.threads());
    node.put("read_bytes_per_second", probe.readBytesPerSecond());
    node.put("int8_ops_per_second", probe.int8OpsPerSecond());
    node.put("fp32_ops_per_second", probe.fp32OpsPerSecond());
  }

  private static void speed(Measurement m, ObjectNode node) {
    RunResult median = m.runs().median();
    Split split = median.split();
    node.put("context", m.context());
    node.put("tokens_per_second", median.tokensPerSecond());
    m.runs()
        .slowestFirst()
        .forEach(run -> node.withArray("tokens_per_second_of_runs").add(run.tokensPerSecond()));
    node.put("tokens_per_step", median.tokensPerStep());
    ObjectNode step = node.putObject("step_ms");
    step.put("total", split.totalMs());
    step.put("linear", split.linearMs());
    step.put("attention", split.attentionMs());
    step.put("sampling", split.samplingMs());
    step.put("scheduling", split.schedulingMs());
    step.put("other", split.otherMs());
    ObjectNode bound = node.putObject("bound");
    bound.put("step_ms", m.bound().totalMs());
    bound.put("linear_ms", m.bound().linearMs());
    bound.put("attention_ms", m.bound().attentionMs());
    bound.put("tokens_per_second", m.boundTokensPerSecond());
    bound.put("reached", m.reached());
  }
}
