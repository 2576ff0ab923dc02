package io.millrace.tools.integration;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Holds a job's consumer behind a number of records of the requests topic: the job has read so much
 * and no more, while its tasks and their checkpoints go on. Producers, which get the same
 * properties, are let be.
 */
public final class HoldingInterceptor
    implements ConsumerInterceptor<byte[], byte[]>, ProducerInterceptor<byte[], byte[]> {
  private static final AtomicInteger LEFT = new AtomicInteger();
  private static volatile CountDownLatch released = new CountDownLatch(0);
  private static volatile CountDownLatch reached = new CountDownLatch(0);

  static void holdAfter(int records) {
    LEFT.set(records);
    reached = new CountDownLatch(1);
    released = new CountDownLatch(1);
  }

  static boolean holds() {
    return reached.getCount() == 0;
  }

  static void release() {
    released.countDown();
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (!records.isEmpty() && LEFT.getAndAdd(-records.count()) <= 0) {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    return record;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void close() {}
}
