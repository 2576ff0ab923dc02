package io.millrace.job.kafka;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SinkSettings;
import io.millrace.job.config.TopicSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at Kafka before the job starts, so that what cannot work fails here with a clear reason.
 */
public final class KafkaChecks {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaChecks.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";
  private static final String MAX_SOCKET_REQUEST = "socket.request.max.bytes";

  /** What a request that writes one record has beside it: names and ids of Kafka's own. */
  private static final int PRODUCE_EXTRA = 4 << 10;

  private KafkaChecks() {}

  /**
   * Reaches the brokers, compares the transaction timeout and the longest record with what they
   * allow, creates missing topics where topics.create allows it, and compares the longest record
   * with what the topics take.
   *
   * @throws KafkaException if the brokers cannot be reached
   * @throws IllegalArgumentException if a setting does not fit them
   */
  public static void check(MillraceConfig config) {
    String servers = config.get(KafkaSettings.BOOTSTRAP_SERVERS);
    Properties settings = config.kafkaProperties();
    settings.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.putIfAbsent(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis() / 2));
    settings.putIfAbsent(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
    try (Admin admin = Admin.create(settings)) {
      Collection<Node> nodes = get(admin.describeCluster().nodes(), servers);
      checkBrokers(config, settings(admin, nodes, servers));
      if (config.get(TopicSettings.CREATE)) {
        Topics.createMissing(
            servers,
            config.kafkaProperties(),
            config.get(TopicSettings.PARTITIONS),
            config.topics(),
            TopicSizes.settings(config));
      }
      TopicSizes.check(admin, config);
    } catch (ExecutionException e) {
      throw new KafkaException("cannot look at the topics at " + servers, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while " + servers + " was asked", e);
    }
  }

  /** The brokers' settings; none where we may not see them. */
  private static Collection<Config> settings(Admin admin, Collection<Node> nodes, String servers) {
    List<ConfigResource> brokers =
        nodes.stream()
            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
            .toList();
    try {
      return get(admin.describeConfigs(brokers).all(), servers).values();
    } catch (AuthorizationException e) {
      LOG.warn(
          "Cannot compare sink.transaction-timeout and source.max-request-size with what the"
              + " brokers allow: {}",
          e.getMessage());
      return List.of();
    }
  }

  private static void checkBrokers(MillraceConfig config, Collection<Config> brokers) {
    long timeout = config.get(SinkSettings.TRANSACTION_TIMEOUT).toMillis();
    long maxTimeout = least(brokers, MAX_TRANSACTION_TIMEOUT);
    if (timeout > maxTimeout) {
      throw new IllegalArgumentException(
          "sink.transaction-timeout is %d s but the brokers allow %d s (%s): lower the one or raise the other"
              .formatted(timeout / 1000, maxTimeout / 1000, MAX_TRANSACTION_TIMEOUT));
    }
    long request = (long) config.maxRecordBytes() + PRODUCE_EXTRA;
    long maxRequest = least(brokers, MAX_SOCKET_REQUEST);
    if (request > maxRequest) {
      throw new IllegalArgumentException(
          "the job writes records of up to %d bytes but the brokers take requests of %d (%s): lower source.max-request-size or raise the other"
              .formatted(config.maxRecordBytes(), maxRequest, MAX_SOCKET_REQUEST));
    }
  }

  /** The least of what the brokers allow: any of them may lead a partition or a transaction. */
  private static long least(Collection<Config> brokers, String setting) {
    return brokers.stream()
        .map(broker -> broker.get(setting))
        .filter(Objects::nonNull)
        .mapToLong(entry -> Long.parseLong(entry.value()))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static <T> T get(KafkaFuture<T> future, String servers) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException denied) {
        throw denied;
      }
      throw new KafkaException(unreachable(servers), e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException(unreachable(servers), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while " + servers + " was asked", e);
    }
  }

  /** What to say where no broker answers. */
  public static String unreachable(String servers) {
    return "no answer from Kafka at "
        + servers
        + ": check kafka.bootstrap-servers and kafka.properties";
  }
}
