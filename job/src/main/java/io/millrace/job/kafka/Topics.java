package io.millrace.job.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics. */
public final class Topics {

  private Topics() {}

  /** Creates those of these topics that are not there, with the broker's replication factor. */
  public static void createMissing(
      String bootstrapServers, Properties properties, int partitions, Collection<String> names) {
    createMissing(bootstrapServers, properties, partitions, names, Map.of());
  }

  /**
   * @param configs settings of those that are created, such as max.message.bytes
   */
  static void createMissing(
      String bootstrapServers,
      Properties properties,
      int partitions,
      Collection<String> names,
      Map<String, String> configs) {
    Properties settings = new Properties();
    settings.putAll(properties);
    settings.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(settings)) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing =
          names.stream()
              .distinct()
              .filter(name -> !existing.contains(name))
              .map(
                  name ->
                      new NewTopic(name, Optional.of(partitions), Optional.empty())
                          .configs(configs))
              .toList();
      admin.createTopics(missing).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException(
            "cannot create topics " + names + " at " + bootstrapServers, e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while topics " + names + " were created", e);
    }
  }
}
