package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Cli.Result;
import org.junit.jupiter.api.Test;

final class BenchCommandTest {
  @Test
  void printsALineForEachMetric() {
    Result result = Cli.run("bench", "--workload=T3,S1", "--threads=1", "--seconds=0.1");
    assertThat(result.err())
        .isEqualToNormalizingNewlines(
            """
            T3: train, batch 32, T 24, LSTM 8 -> 64, dense 1, ADAM
            S1: stream, LSTM 128 -> 2 x 128, dense 32
            """);
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines())
        .satisfiesExactly(
            line -> assertThat(line).matches("T3\tsluice\t1\tsteps/s\t[0-9]+[.][0-9]{2}"),
            line -> assertThat(line).matches("S1\tsluice\t1\tns/step p50\t[0-9]+[.][0-9]{2}"),
            line -> assertThat(line).matches("S1\tsluice\t1\tns/step p99\t[0-9]+[.][0-9]{2}"));
  }

  @Test
  void bfloat16IsForStreams() {
    Result stream =
        Cli.run("bench", "--workload=I1", "--precision=bf16", "--threads=1", "--seconds=0.1");
    assertThat(stream.out()).matches("I1\tsluice-bf16\t1\tns/step\t[0-9]+[.][0-9]{2}\\R");
    assertThat(Cli.run("bench", "--workload=T3", "--precision=bf16").errLines())
        .containsExactly(
            "sluice: --precision bf16 is for streams, and T3 is none: train, batch 32, T 24,"
                + " LSTM 8 -> 64, dense 1, ADAM");
    assertThat(Cli.run("bench", "--workload=I1", "--precision=int4").errLines())
        .containsExactly("sluice: --precision: expected float32 or bf16, got int4");
  }

  @Test
  void helpSaysWhatIsPrinted() {
    Result help = Cli.run("bench", "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("workload<TAB>engine<TAB>threads<TAB>metric<TAB>value", "--threads=N")
        .contains("\n  sluice bench --workload I1 --threads 1");
  }

  @Test
  void wrongUseIsToldInOneLine() {
    assertThat(Cli.run("bench").errLines())
        .containsExactly(
            "sluice: Missing required option: '--workload=ID'; see sluice bench --help");
    assertThat(Cli.run("bench", "--workload=X").errLines())
        .containsExactly(
            "sluice: --workload: no workload is named X; there are I1, I2, I3, I4, I5, S1, S2, T1,"
                + " T2, T3, T4, and all");
    assertThat(Cli.run("bench", "--workload=T3", "--seconds=0").errLines())
        .containsExactly("sluice: --seconds: expected more than 0, got 0.0");
  }
}
