package dev.sluice.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellWrapper;
import dev.sluice.cell.LstmCell;
import dev.sluice.cell.LstmVariant;
import dev.sluice.cell.LstmVariantCell;
import dev.sluice.cell.Stepper;
import dev.sluice.layer.Recurrent;
import dev.sluice.network.Network;
import dev.sluice.network.NetworkLayer;
import dev.sluice.network.RecurrentLayer;
import dev.sluice.tape.Activation;
import dev.sluice.tape.Tape;
import dev.sluice.tape.Var;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A network comes back from its directory as it was, and always as the same bytes. */
final class NetworkDirectoryTest {
  private static final List<String> FILES = List.of("config.json", "model.safetensors");

  @TempDir private Path folder = Path.of("");

  static List<Network> networks() {
    return SmallNetworks.all();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkComesBackAsItWas(Network network) throws IOException {
    StoredNetwork written = SmallNetworks.stored(network);
    ModelDirectory.at(folder.resolve("m")).write(written);
    StoredNetwork read = read(folder.resolve("m"));

    assertThat(read.origin()).isEqualTo(written.origin());
    assertThat(read.network().inputWidth()).isEqualTo(network.inputWidth());
    assertThat(read.network().layers())
        .extracting(NetworkLayer::toString)
        .isEqualTo(network.layers().stream().map(Object::toString).toList());
    assertThat(read.parameters().values()).isEqualTo(network.parameters().values());

    ModelDirectory.at(folder.resolve("again")).write(read);
    for (String file : FILES) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("m").resolve(file));
    }
  }

  @Test
  void format1StaysReadableAndIsWhatIsWritten() throws IOException, URISyntaxException {
    URL resource = Objects.requireNonNull(getClass().getResource("/network-format-1"));
    Path fixture = Path.of(resource.toURI());
    ModelDirectory.at(folder.resolve("m")).write(SmallNetworks.stored(SmallNetworks.everyLayer()));
    ModelDirectory.at(folder.resolve("again")).write(read(fixture));
    for (String file : FILES) {
      assertThat(folder.resolve("m").resolve(file)).hasSameBinaryContentAs(fixture.resolve(file));
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(fixture.resolve(file));
    }
  }

  /** A variant that differs in nothing computes the same, and is the same in a file. */
  @Test
  void aVariantThatDiffersInNothingIsThePlainLstm() {
    Cell variant = new LstmVariantCell(2, 3, LstmVariant.PLAIN.withoutBias());
    Network network = SmallNetworks.of(2, RecurrentLayer.of(new Recurrent("lstm", variant)));
    ModelDirectory.at(folder.resolve("m")).write(SmallNetworks.stored(network));
    assertThat(read(folder.resolve("m")).network().recurrentLayers().getFirst().recurrent().cells())
        .containsExactly(new LstmCell(2, 3, false));
  }

  @Test
  void whatCannotBeSavedIsRefusedAndNothingIsWritten() {
    record OwnCell(Cell cell) implements CellWrapper {
      @Override
      public String name() {
        return "Own";
      }

      @Override
      public Stepper begin(Tape tape, int batch, List<Var> weights) {
        return cell.begin(tape, batch, weights);
      }
    }
    assertRefused(new OwnCell(new LstmCell(2, 2)), "its formula is known only to the program");
    assertRefused(
        new LstmVariantCell(
            2,
            2,
            LstmVariant.PLAIN.withActivations(
                Activation.elu(Float.NaN), Activation.TANH, Activation.TANH)),
        "alpha is NaN, and no number that can be saved");
  }

  private void assertRefused(Cell cell, String message) {
    Network network = SmallNetworks.of(2, RecurrentLayer.of(new Recurrent("own", cell)));
    assertThatThrownBy(
            () -> ModelDirectory.at(folder.resolve("m")).write(SmallNetworks.stored(network)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aNetworkTakesThePlaceOfAClassifierAndIsNone() throws IOException {
    Path model = folder.resolve("m");
    ModelDirectory.at(model).write(SmallClassifier.create());
    ModelDirectory.at(model).write(SmallNetworks.stored(SmallNetworks.tagger()));
    assertThat(Files.exists(model.resolve("vocabulary.txt"))).isFalse();
    assertThatThrownBy(() -> ModelDirectory.read(model))
        .isInstanceOf(ModelFileException.class)
        .hasMessageEndingWith(
            "m: holds a network, and a text classifier is needed here; train one with sluice"
                + " train");
  }

  /** The chain shares the weights of the classifier, and both give the same probabilities. */
  @Test
  void aClassifierIsANetwork() {
    Network network = SmallClassifier.create().model().network();
    assertThat(network.layers())
        .extracting(NetworkLayer::name)
        .startsWith("embedding")
        .contains("lstm", "dense");
    assertThat(network.outputShape().width()).isEqualTo(3);
    assertThat(network.parameters().all()).hasSize(1 + 16 + 2);
  }

  private static StoredNetwork read(Path path) {
    return (StoredNetwork) ModelDirectory.open(path);
  }
}
