package io.millrace.tools.chaos;

import io.millrace.job.config.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What may befall the job. */
enum Fault {
  TASK_MANAGER_KILLED {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      List<Integer> busy = new ArrayList<>();
      for (int number : stack.flink().taskManagers()) {
        if (stack.flink().isBusy(number)) {
          busy.add(number);
        }
      }
      int number = busy.get(random.nextInt(busy.size()));
      stack.flink().killTaskManager(number);
      pause(random);
      stack.flink().startTaskManager(number);
      return "task manager " + number;
    }
  },
  JOB_MANAGER_KILLED {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      stack.killJobManager();
      pause(random);
      stack.startJob();
      return "the job manager";
    }
  },
  RESCALED {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      int before = stack.parallelism();
      int slots = stack.maxParallelism();
      int after = 1 + (before + random.nextInt(slots - 1)) % slots;
      Variant variant = Variant.random(random);
      stack.stop(false);
      stack.startJob(after, variant);
      return "savepoint, parallelism " + before + " to " + after + ", " + variant;
    }
  },
  DRAINED {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      Variant variant = Variant.random(random);
      stack.stop(true);
      pause(random);
      stack.startJob(stack.parallelism(), variant);
      return "all that was read is answered, then " + variant;
    }
  },
  BROKER_KILLED {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      int node = 1 + random.nextInt(stack.kafka().nodes());
      stack.kafka().kill(node);
      pause(random);
      stack.kafka().restart(node);
      // Another one may be lost only when this one has all records.
      stack.kafka().awaitReplicated();
      return "broker " + node;
    }
  },
  PARTITION_ADDED {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      String topic = stack.config().get(TopicSettings.REQUESTS);
      stack.kafka().addPartitions(topic, 1);
      return topic + " has " + stack.kafka().partitions(topic) + " partitions";
    }
  },
  ENGINE_ERROR {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      return engine(stack, FaultyEngine.ERROR);
    }
  },
  ENGINE_CRASHED {
    @Override
    String strike(Stack stack, Random random) throws Exception {
      return engine(stack, FaultyEngine.CRASH);
    }
  };

  private static final int MAX_PAUSE_MILLIS = 4000;

  /** Brings it about, repairs what an operator or a supervisor repairs, and says what it hit. */
  abstract String strike(Stack stack, Random random) throws Exception;

  private static void pause(Random random) throws InterruptedException {
    Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
  }

  private static String engine(Stack stack, String demand) throws Exception {
    stack.failEngine(demand);
    Stack.await("an engine has failed", () -> stack.engineHasFailed(demand));
    return "all generations of one engine";
  }
}
