package io.millrace.job.kafka;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SinkSettings;
import io.millrace.job.config.TopicSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
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

  private KafkaChecks() {}

  /**
   * Reaches the brokers, compares the transaction timeout with theirs, creates missing topics where
   * topics.create allows it, and compares the longest record with what the topics take.
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
      checkTransactionTimeout(config, maxTransactionTimeout(admin, nodes, servers));
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

  /** The least of what the brokers allow: any of them may coordinate a transaction. */
  private static Optional<Duration> maxTransactionTimeout(
      Admin admin, Collection<Node> nodes, String servers) {
    List<ConfigResource> brokers =
        nodes.stream()
            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
            .toList();
    try {
      return get(admin.describeConfigs(brokers).all(), servers).values().stream()
          .map(broker -> broker.get(MAX_TRANSACTION_TIMEOUT))
          .filter(Objects::nonNull)
          .map(entry -> Duration.ofMillis(Long.parseLong(entry.value())))
          .min(Comparator.naturalOrder());
    } catch (AuthorizationException e) {
      LOG.warn(
          "Cannot compare sink.transaction-timeout with the brokers' maximum: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static void checkTransactionTimeout(MillraceConfig config, Optional<Duration> max) {
    Duration timeout = config.get(SinkSettings.TRANSACTION_TIMEOUT);
    if (max.isPresent() && timeout.compareTo(max.get()) > 0) {
      throw new IllegalArgumentException(
          "sink.transaction-timeout is %d s but the brokers allow %d s (%s): lower the one or raise the other"
              .formatted(timeout.toSeconds(), max.get().toSeconds(), MAX_TRANSACTION_TIMEOUT));
    }
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
