package io.millrace.operators.documents;

import io.millrace.operators.record.RecordOrigin;
import io.millrace.schemas.DocumentRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;

/**
 * The current document in keyed state. Its text is there as parts, each until it is read for the
 * last time, so that a prompt never needs the whole document. What it was is remembered for a while
 * after its summary.
 */
final class DocumentState {
  private static final String PROGRESS = "progress";

  private final ValueState<RecordOrigin> origin;
  private final ValueState<DocumentRequest> request;
  private final ValueState<SummarySettings> settings;
  private final ValueState<Progress> progress;
  private final MapState<Integer, String> parts;
  private final MapState<Integer, DocumentPrompt> units;
  private final ValueState<Long> summarised;

  DocumentState(KeyedStateStore store, Duration rememberedFor) {
    origin = store.getState(value("origin", TypeInformation.of(RecordOrigin.class)));
    request = store.getState(value("request", new AvroTypeInfo<>(DocumentRequest.class)));
    settings = store.getState(value("settings", TypeInformation.of(SummarySettings.class)));
    progress = store.getState(value(PROGRESS, TypeInformation.of(Progress.class)));
    parts = store.getMapState(new MapStateDescriptor<>("parts", Types.INT, Types.STRING));
    units =
        store.getMapState(
            new MapStateDescriptor<>("units", Types.INT, TypeInformation.of(DocumentPrompt.class)));
    ValueStateDescriptor<Long> latest = value("summarised", Types.LONG);
    latest.enableTimeToLive(StateTtlConfig.newBuilder(rememberedFor).build());
    summarised = store.getState(latest);
  }

  private static <T> ValueStateDescriptor<T> value(String name, TypeInformation<T> type) {
    return new ValueStateDescriptor<>(name, type);
  }

  /** The ids of the documents that are being summarised. */
  static Stream<Object> activeKeys(KeyedStateBackend<Object> backend) {
    return backend.getKeys(PROGRESS, VoidNamespace.INSTANCE);
  }

  boolean isEmpty() throws Exception {
    return progress.value() == null;
  }

  /** {@link Progress#content} of the latest that was summarised; null if none is remembered. */
  Long summarised() throws Exception {
    return summarised.value();
  }

  /** Takes a document in, with its first stage. */
  void begin(
      SourceDocument document,
      SummarySettings began,
      List<String> texts,
      Progress first,
      List<DocumentPrompt> stage)
      throws Exception {
    settings.update(began);
    origin.update(document.origin());
    request.update(DocumentRequest.newBuilder(document.request()).setText("").build());
    for (int i = 0; i < texts.size(); i++) {
      parts.put(i, texts.get(i));
    }
    advance(first, stage);
  }

  /** Puts the next stage in the place of the present one. */
  void advance(Progress next, List<DocumentPrompt> stage) throws Exception {
    units.clear();
    for (int i = 0; i < stage.size(); i++) {
      units.put(i, stage.get(i));
    }
    progress.update(next);
  }

  RecordOrigin origin() throws Exception {
    return origin.value();
  }

  /** {@link SourceDocument#size} of the document, without the text that is no longer needed. */
  long size() throws Exception {
    long size = origin.value().bytes();
    if (size == 0) {
      for (String part : parts.values()) {
        size += part.length();
      }
    }
    return size;
  }

  /** The request without its text. */
  DocumentRequest request() throws Exception {
    return request.value();
  }

  /** What the document began with, whatever the job's settings are by now. */
  SummarySettings settings() throws Exception {
    return settings.value();
  }

  Progress progress() throws Exception {
    return progress.value();
  }

  DocumentPrompt prompt(int index) throws Exception {
    return units.get(index);
  }

  /** The text that a prompt reads. */
  String text(DocumentPrompt prompt) throws Exception {
    return prompt.part() < 0 ? prompt.text() : parts.get(prompt.part());
  }

  void answer(int index, DocumentPrompt answered) throws Exception {
    if (answered.part() >= 0) {
      parts.remove(answered.part());
    }
    units.put(index, answered);
  }

  void replace(int index, DocumentPrompt prompt) throws Exception {
    units.put(index, prompt);
  }

  /** The prompts of the stage in order. */
  List<DocumentPrompt> stage() throws Exception {
    List<DocumentPrompt> stage = new ArrayList<>();
    for (int i = 0; i < progress().units(); i++) {
      stage.add(units.get(i));
    }
    return stage;
  }

  /** Ends the document with its summary. */
  void done() throws Exception {
    summarised.update(progress().content());
    clear();
  }

  void clear() {
    origin.clear();
    request.clear();
    settings.clear();
    progress.clear();
    parts.clear();
    units.clear();
  }
}
