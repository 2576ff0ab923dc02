package io.millrace.tools.demo;

import io.millrace.schemas.ConversationRequest;
import io.millrace.tools.files.RequestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The conversations of examples/*.jsonl. */
final class Examples {

  /** What --short keeps: so many conversations of at least so many turns. */
  static final int SHORT_CONVERSATIONS = 14;

  static final int SHORT_TURNS = 3;

  private Examples() {}

  /** All turns of all files of the directory, in the order in which they are sent. */
  static List<Turn> read(Path directory) throws IOException {
    return turns(files(directory));
  }

  /** A few conversations of some length, by turns from every file. */
  static List<Turn> readShort(Path directory) throws IOException {
    List<List<RequestFile.Line>> files = files(directory);
    List<Iterator<String>> candidates = new ArrayList<>();
    for (List<RequestFile.Line> lines : files) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      lines.forEach(line -> counts.merge(line.request().getConversationId(), 1, Integer::sum));
      candidates.add(counts.keySet().stream().filter(c -> counts.get(c) >= SHORT_TURNS).iterator());
    }
    Set<String> kept = new LinkedHashSet<>();
    while (kept.size() < SHORT_CONVERSATIONS && candidates.stream().anyMatch(Iterator::hasNext)) {
      candidates.stream()
          .filter(Iterator::hasNext)
          .limit(SHORT_CONVERSATIONS - kept.size())
          .forEach(conversations -> kept.add(conversations.next()));
    }
    return turns(files).stream().filter(turn -> kept.contains(turn.conversation())).toList();
  }

  private static List<List<RequestFile.Line>> files(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.list(directory)) {
      paths = found.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("no *.jsonl in " + directory + ": give --examples DIR");
    }
    List<List<RequestFile.Line>> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(RequestFile.read(path));
    }
    return files;
  }

  private static List<Turn> turns(List<List<RequestFile.Line>> files) {
    List<Turn> turns = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (List<RequestFile.Line> lines : files) {
      for (RequestFile.Line line : lines) {
        ConversationRequest request =
            ConversationRequest.newBuilder(line.request()).setStream(true).build();
        int number = numbers.merge(request.getConversationId(), 1, Integer::sum);
        turns.add(new Turn(request, number, line.expected()));
      }
    }
    return turns;
  }
}
