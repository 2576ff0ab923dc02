package io.millrace.tools.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What an operator asks a Flink cluster with one job over its REST interface. */
public final class FlinkRest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int MAX_REASON = 500;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI root;

  FlinkRest(int port) {
    root = URI.create("http://localhost:" + port);
  }

  /** Whether a task manager has tasks. */
  public boolean isBusy(String taskManager) throws Exception {
    for (JsonNode found : get("/taskmanagers").get("taskmanagers")) {
      if (found.get("id").asText().equals(taskManager)) {
        return found.get("freeSlots").asInt() < found.get("slotsNumber").asInt();
      }
    }
    return false;
  }

  /** The job's id; empty while there is none. */
  private String job() throws Exception {
    JsonNode jobs = get("/jobs/overview").get("jobs");
    return jobs.isEmpty() ? "" : jobs.get(0).get("jid").asText();
  }

  /** Whether every task of the job runs. */
  public boolean isRunning() throws Exception {
    JsonNode jobs = get("/jobs/overview").get("jobs");
    if (jobs.isEmpty() || !jobs.get(0).get("state").asText().equals("RUNNING")) {
      return false;
    }
    JsonNode tasks = jobs.get(0).get("tasks");
    return tasks.get("total").asInt() > 0
        && tasks.get("total").asInt() == tasks.get("running").asInt();
  }

  /** Completed checkpoints since the job manager started. */
  public int completedCheckpoints() throws Exception {
    return checkpoints().at("/counts/completed").asInt();
  }

  /** How often the job was restored from a checkpoint or savepoint since its manager started. */
  public int restores() throws Exception {
    return checkpoints().at("/counts/restored").asInt();
  }

  /** What the job was restored from most recently. */
  public String restoredFrom() throws Exception {
    return checkpoints().at("/latest/restored/external_path").asText();
  }

  /** What keeps the job's state, a class's name in Flink. */
  public String stateBackend() throws Exception {
    return get(checkpointsPath() + "/config").get("state_backend").asText();
  }

  /** After how many milliseconds a checkpoint's barriers overtake what waits. */
  public long alignedCheckpointTimeoutMillis() throws Exception {
    return get(checkpointsPath() + "/config").get("aligned_checkpoint_timeout").asLong();
  }

  private JsonNode checkpoints() throws Exception {
    return get(checkpointsPath());
  }

  private String checkpointsPath() throws Exception {
    String job = job();
    if (job.isEmpty()) {
      throw new IOException("the cluster has no job yet");
    }
    return "/jobs/" + job + "/checkpoints";
  }

  /**
   * Asks the job to stop with a savepoint.
   *
   * @param directory where to put it
   * @param drain whether it answers all that it has read first
   * @return names the request for {@link #awaitStop}
   */
  public String requestStop(String directory, boolean drain) throws Exception {
    ObjectNode body = JSON.createObjectNode().put("targetDirectory", directory).put("drain", drain);
    return post("/jobs/" + job() + "/stop", body).get("request-id").asText();
  }

  /** Waits until the job has stopped and returns the savepoint's path. */
  public String awaitStop(String request, Duration patience) throws Exception {
    String job = job();
    JsonNode[] last = new JsonNode[1];
    Waits.until(
        "the job has stopped with a savepoint",
        patience,
        () -> {
          last[0] = get("/jobs/" + job + "/savepoints/" + request);
          return last[0].at("/status/id").asText().equals("COMPLETED");
        });
    JsonNode location = last[0].at("/operation/location");
    if (location.isMissingNode()) {
      throw new IOException("stopping with a savepoint failed: " + last[0].get("operation"));
    }
    return location.asText();
  }

  private JsonNode get(String path) throws Exception {
    return send(HttpRequest.newBuilder(root.resolve(path)).GET());
  }

  private JsonNode post(String path, JsonNode body) throws Exception {
    return send(
        HttpRequest.newBuilder(root.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      String body = response.body();
      String reason = body.substring(0, Math.min(body.length(), MAX_REASON));
      throw new IOException("Flink answers " + response.statusCode() + ": " + reason);
    }
    return JSON.readTree(response.body());
  }
}
