package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TenantTokensTest {
  private static final long ALLOWANCE = TenantTokens.ALLOWANCE;

  private final TenantTokens tokens = new TenantTokens();

  @Test
  void shouldCountADebtBeyondTheAllowanceOnly() {
    wait("a");
    wait("b");
    tokens.charge("a", ALLOWANCE);
    assertThat(tokens.debt("a")).isZero();
    tokens.charge("a", 50);
    assertThat(tokens.debt("a")).isEqualTo(50);
    tokens.charge("b", 20);
    assertThat(tokens.debt("a")).isEqualTo(30);
  }

  @Test
  void shouldStartNewcomersAtTheLeastThatOthersHaveUsed() {
    wait("a");
    tokens.charge("a", 1000);
    wait("b");
    tokens.charge("b", ALLOWANCE + 1);
    assertThat(tokens.debt("b")).as("from 1000 on, like a").isEqualTo(1);
  }

  @Test
  void shouldRememberADebtButNoCredit() {
    wait("stays");
    wait("heavy");
    wait("light");
    tokens.charge("heavy", 2 * ALLOWANCE);
    leave("heavy");
    leave("light");
    tokens.charge("stays", 100);
    wait("heavy");
    wait("light");
    tokens.charge("light", ALLOWANCE + 1);
    assertThat(tokens.debt("heavy")).isEqualTo(ALLOWANCE - 100);
    assertThat(tokens.debt("light")).isEqualTo(1);
  }

  @Test
  void shouldMeasureAgainstWaitingTenantsOnly() {
    wait("slow");
    tokens.goes("slow");
    wait("a");
    tokens.charge("a", 2 * ALLOWANCE);
    assertThat(tokens.debt("a")).as("nobody waits for it").isZero();
    assertThat(tokens.running("slow")).isOne();
    assertThat(tokens.running("a")).isZero();
  }

  @Test
  void shouldNotRememberEveryTenantEver() {
    for (int i = 0; i < 10 * TenantTokens.MAX_IDLE; i++) {
      wait("t" + i);
      leave("t" + i);
    }
    assertThat(tokens.idleTenants()).isEqualTo(TenantTokens.MAX_IDLE);
    assertThat(tokens.activeTenants()).isZero();
  }

  private void wait(String tenant) {
    tokens.begin(tenant);
    tokens.waits(tenant);
  }

  private void leave(String tenant) {
    tokens.goes(tenant);
    tokens.end(tenant);
  }
}
