package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Admission.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  private final Admission admission = new Admission(4);
  private final List<String> granted = new ArrayList<>();

  @Test
  void shouldBoundWhatIsHeldAndHandPlacesOn() {
    List<Ticket> held = fill("a", 4);
    Ticket first = enter("a", 0, "first");
    enter("a", 0, "second");
    assertThat(first.take()).isFalse();
    assertThat(admission.holders()).isEqualTo(4);
    assertThat(admission.waiting()).isEqualTo(2);

    held.get(2).close();
    held.get(2).close();
    assertThat(granted).containsExactly("first");
    assertThat(first.take()).isTrue();
    assertThat(first.take()).as("only once").isFalse();
    assertThat(admission.holders()).isEqualTo(4);
  }

  @Test
  void shouldNotLetAHigherPriorityWaitForALowerOne() {
    fill("a", 4);
    assertThat(enter("a", 0, "low").take()).isFalse();
    for (int i = 0; i < 4; i++) {
      assertThat(enter("a", 1, "high").take()).isTrue();
    }
    assertThat(enter("a", 1, "one too many").take()).isFalse();
    assertThat(enter("a", 2, "highest").take()).isTrue();
  }

  @Test
  void shouldLetATenantInBesideAFlood() {
    fill("flood", 4);
    for (int i = 0; i < 100; i++) {
      assertThat(enter("flood", 0, "flood").take()).isFalse();
    }
    assertThat(enter("calm", 0, "calm").take()).isTrue();
    assertThat(enter("calm", 0, "calm").take()).as("its part of four").isTrue();
    assertThat(enter("calm", 0, "calm").take()).isFalse();
    for (int i = 0; i < 100; i++) {
      enter("tenant " + i, 0, "tenant").take();
    }
    assertThat(admission.holders()).as("twice the bound, whatever many come").isEqualTo(8);
  }

  @Test
  void shouldGivePlacesToTheTenantThatUsedLeast() {
    List<Ticket> held = fill("heavy", 4);
    enter("heavy", 0, "heavy");
    enter("light", 0, "light");
    enter("light", 0, "light");
    enter("light", 0, "light waits");
    held.get(0).charge(100_000);
    held.get(0).close();
    held.get(1).close();
    assertThat(granted).as("six were held").isEmpty();
    held.get(2).close();
    assertThat(granted)
        .as("then heavy has less than its part")
        .containsExactly("light waits", "heavy");
  }

  @Test
  void shouldLetASuspectBeAlone() {
    List<Ticket> held = fill("a", 2);
    Ticket suspect = admission.enter(0, "a", true, () -> granted.add("suspect"));
    Ticket another = admission.enter(0, "a", true, () -> granted.add("another"));
    Ticket good = enter("a", 9, "good");
    assertThat(suspect.take()).isFalse();
    assertThat(good.take()).as("a suspect waits").isFalse();

    held.forEach(Ticket::close);
    assertThat(granted).containsExactly("suspect");
    assertThat(suspect.take()).isTrue();
    suspect.charge(5);
    suspect.close();
    assertThat(granted).containsExactly("suspect", "another");
    another.close();
    assertThat(granted).containsExactly("suspect", "another", "good");
  }

  @Test
  void shouldForgetWhoWaitsNoMore() {
    List<Ticket> held = fill("a", 4);
    Ticket suspect = admission.enter(0, "a", true, () -> granted.add("suspect"));
    Ticket first = enter("a", 0, "first");
    enter("a", 0, "second");
    first.close();
    suspect.close();
    assertThat(first.take()).isFalse();
    held.get(0).close();
    assertThat(granted).containsExactly("second");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldLetEverybodyInWhoStays(long seed) {
    Random random = new Random(seed);
    List<Ticket> open = new ArrayList<>();
    List<Ticket> holding = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      if (random.nextInt(5) < 3 && open.size() < 40) {
        boolean alone = random.nextInt(30) == 0;
        String tenant = "t" + random.nextInt(4);
        open.add(admission.enter(random.nextInt(3), tenant, alone, () -> {}));
      }
      open.removeIf(ticket -> ticket.take() && holding.add(ticket));
      assertThat(holding).hasSize(admission.holders()).hasSizeLessThanOrEqualTo(24);
      if (!holding.isEmpty()) {
        Ticket done = holding.remove(random.nextInt(holding.size()));
        done.charge(random.nextInt(5000));
        done.close();
      }
      if (!open.isEmpty() && random.nextInt(20) == 0) {
        open.remove(random.nextInt(open.size())).close();
      }
    }
    while (!open.isEmpty()) {
      open.removeIf(ticket -> ticket.take() && holding.add(ticket));
      assertThat(holding).as("somebody holds a place while others wait").isNotEmpty();
      holding.remove(0).close();
    }
    holding.forEach(Ticket::close);
    assertThat(admission.holders()).isZero();
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void shouldNeedAPlace() {
    assertThatThrownBy(() -> new Admission(0)).hasMessageContaining("not 0");
  }

  private List<Ticket> fill(String tenant, int count) {
    List<Ticket> held = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Ticket ticket = enter(tenant, 0, "held");
      assertThat(ticket.take()).isTrue();
      held.add(ticket);
    }
    return held;
  }

  private Ticket enter(String tenant, int priority, String name) {
    return admission.enter(priority, tenant, false, () -> granted.add(name));
  }
}
