package dev.sluice.io.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that would run a command, never end, or claim what is not there: one line says so. */
class HostilePickleTest {
  private static final byte[] NUMBERS = new byte[6 * Float.BYTES];

  @TempDir private Path folder;

  @Test
  void aPickleThatCallsOsSystem() throws IOException {
    PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("w");
    pickle.text("a string on the way").op(Opcodes.POP).global("os", "system");
    pickle.op(Opcodes.MARK).text("touch owned").op(Opcodes.TUPLE, Opcodes.REDUCE);

    assertThat(refusal(pickle.op(Opcodes.SETITEMS)))
        .isEqualTo(
            "refuses to build os.system (byte 35 of data.pkl): a file of weights needs no such"
                + " thing; save the weights alone, with torch.save(model.state_dict(), file)");
    assertThat(Path.of("owned")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "posix,system",
    "nt,system",
    "subprocess,Popen",
    "builtins,eval",
    "builtins,getattr",
    "__builtin__,exec",
    "torch,load",
    "torch.hub,load",
    "torch.storage,_load_from_bytes",
    "torch._utils,_rebuild_qtensor",
    "torch._tensor,os",
    "torch.nn.functional,cross_entropy",
    "pytorch_lightning.trainer.trainer,Trainer",
    "torch_,FloatStorage",
    "__torch__evil,Module",
    "collections.abc,OrderedDict",
    "numpy,load",
    "pickle,loads",
    "'',''",
  })
  void whatIsNotAllowed(String module, String name) throws IOException {
    String expected = "refuses to build %s.%s (byte ".formatted(module, name);
    assertThat(refusal(new PickleBytes().global(module, name))).startsWith(expected);
    PickleBytes protocol4 = new PickleBytes().text(module).text(name).op(Opcodes.STACK_GLOBAL);
    assertThat(refusal(protocol4)).startsWith(expected);
  }

  @Test
  void aClassOfTheModelItself() throws IOException {
    assertThat(refusal(new PickleBytes().global("__main__", "Net")))
        .isEqualTo(
            "refuses to build __main__.Net (byte 2 of data.pkl): a file of weights needs no such"
                + " thing; save the weights alone, with torch.save(model.state_dict(), file)");
  }

  @Test
  void numbersOfATypeThatIsNotRead() throws IOException {
    assertThat(refusal(new PickleBytes().global("torch", "ComplexFloatStorage")))
        .isEqualTo(
            "holds a torch.ComplexFloatStorage (byte 2 of data.pkl); Sluice reads numbers of the"
                + " types [F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL], so convert it in"
                + " PyTorch");
  }

  /** Protocol 0's INST and OBJ, extension codes, and names that only Python resolves. */
  @ParameterizedTest
  @ValueSource(
      strings = {"i", "o", "\u0082", "\u0083", "\u0084", "P", "I", "2", "\u0097", "\u00ff"})
  void opcodesThatAreNotKnown(String opcode) throws IOException {
    assertThat(refusal(new PickleBytes().op(opcode.charAt(0))))
        .isEqualTo(
            "has the unknown opcode 0x%02x (byte 2 of data.pkl); the file is damaged or not made by"
                + " torch.save",
            (int) opcode.charAt(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          74         | looks for a mark that is not on the stack (byte 2
          30         | takes a value from an empty stack (byte 2
          2830       | takes a value from an empty stack (byte 3
          2e         | takes a value from an empty stack (byte 2
          28 75      | takes a value from an empty stack (byte 3
          80 06      | is written in protocol 6 of pickle (byte 2
          4b 01 4e 52 | needs a tuple and has a plain value (byte 5
          4b 01 29 52 | calls a number (byte 5
          5d 29 51   | names a storage in an unknown way (byte 4
          68 00      | recalls value number 0, which it never kept (byte 2
          6a ff ff ff ff | recalls value number 4294967295, which it never kept (byte 2
          4e 72 ff ff ff ff | remembers value number 4294967295 (byte 3
          4e 72 ff ff ff 07 | remembers value number 134217727 (byte 3
          4e 4e 93   | names something by what is no text (byte 4
          29 4e 61   | appends to a tuple (byte 4
          5d 4e 4e 73 | puts keys into a list (byte 5
          7d 28 4e 75 | has a key without a value (byte 5
          7d 28 8c 01 61 4e 8c 01 61 4e 75 | has the key "a" twice (byte 12
          8c 02 c3 28 | holds text that is not UTF-8 (byte 2
          58 ff ff ff ff | the pickle breaks off (byte 2 of data.pkl); the file was cut short
          8d ff ff ff ff ff ff ff ff | the pickle breaks off (byte 2
          8e ff ff ff ff ff ff ff 7f | the pickle breaks off (byte 2
          8b ff ff ff 7f | the pickle breaks off (byte 2
          63 61 62   | the pickle breaks off (byte 2
          """)
  void damagedOpcodes(String hex, String message) throws IOException {
    byte[] opcodes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(refusal(new PickleBytes().raw(opcodes))).startsWith(message);
  }

  @Test
  void aPickleThatNeverStops() throws IOException {
    byte[] pickle = {(byte) Opcodes.PROTO, 2, Opcodes.EMPTY_DICT};
    assertThat(refusalOf(ZipBytes.torch(pickle)))
        .isEqualTo(
            "the pickle breaks off (byte 3 of data.pkl); the file was cut short or is damaged");
  }

  @Test
  void tensorsBeyondTheirStorage() throws IOException {
    assertThat(refusalOf(6, 0, shape(7), 1))
        .isEqualTo(
            "makes a tensor that reaches from value 0 to 6 of a storage of 6 (byte 139 of"
                + " data.pkl); the file is damaged or not made by torch.save");
    assertThat(refusalOf(6, 5, shape(2), 1)).contains("from value 5 to 6 of a storage of 6");
    assertThat(refusalOf(6, 6, shape(), new long[0])).contains("from value 6 to 6");
    assertThat(refusalOf(6, -1, shape(1), 1)).contains("from value -1 to -1");
    assertThat(refusalOf(6, -1, shape(0), 1)).contains("from value -1 to -2");
    assertThat(refusalOf(6, 0, shape(2, 3), 4, 1)).contains("from value 0 to 6");
    assertThat(refusalOf(6, 0, shape(2), Long.MAX_VALUE)).contains("to 9223372036854775807");
    assertThat(refusalOf(6, 0, shape(3, 3), 1L << 62, 1L << 62))
        .contains("to 9223372036854775807 of a storage of 6");
    assertThat(refusalOf(6, Long.MAX_VALUE, shape(2), 1)).contains("of a storage of 6");
  }

  @Test
  void negativeAndOverflowingSizes() throws IOException {
    assertThat(refusalOf(6, 0, shape(-1), 1)).startsWith("gives a tensor the size or stride -1 ");
    assertThat(refusalOf(6, 0, shape(2), -1)).startsWith("gives a tensor the size or stride -1 ");
    assertThat(refusalOf(6, 0, shape(1L << 31), 0))
        .startsWith("gives a tensor the size or stride 2147483648 ");
    assertThat(refusalOf(-6, 0, shape(1), 1)).startsWith("names a storage in an unknown way");
    assertThat(refusalOf(6, 0, shape(1, 1), 1))
        .startsWith("makes a tensor of 2 dimensions (at most 8) with 1 strides ");
    assertThat(refusalOf(6, 0, new long[9], new long[9]))
        .startsWith("makes a tensor of 9 dimensions (at most 8) with 9 strides ");
  }

  @Test
  void aStorageOfAnotherSizeThanItClaims() throws IOException {
    for (long claimed : new long[] {5, 7, Long.MAX_VALUE / 4 + 7, Long.MAX_VALUE}) {
      assertThat(refusalOf(claimed, 0, shape(1), 1))
          .isEqualTo(
              "the entry \"model/data/0\" has 24 bytes, but should hold %d numbers of F32; the file"
                  + " is damaged",
              claimed);
    }
  }

  /** One number seen a million million times costs no file anything, but its reader. */
  @Test
  void aViewFarLargerThanTheFile() throws IOException {
    assertThat(refusalOf(6, 0, shape(1_000_000, 1_000_000), 0, 0))
        .isEqualTo(
            "with the tensor \"w\" of shape [1000000, 1000000] its tensors take more than 16 times"
                + " the file; save expanded views with .contiguous()");
    assertThat(refusalOf(6, 0, shape(2147483647, 2147483647, 2147483647), 0, 0, 0))
        .startsWith("with the tensor \"w\" of shape [2147483647, 2147483647, 2147483647]");
  }

  @Test
  void manyViewsFarLargerThanTheFile() throws IOException {
    PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
    pickle.text("w").tensor(6, 0, shape(1000), 0).put(0);
    for (int i = 0; i < 1000; i++) {
      pickle.text("w" + i).get(0);
    }
    assertThat(refusal(pickle.op(Opcodes.SETITEMS)))
        .contains("of shape [1000] its tensors take more than 16 times the file");
  }

  @Test
  void aStorageThatIsMissing() throws IOException {
    assertThat(refusalOf(ZipBytes.torch(weights(p -> p.tensor(6)).done())))
        .isEqualTo("the entry \"model/data/0\" is missing; the file is damaged");
  }

  @Test
  void aStorageOfTwoTypes() throws IOException {
    PickleBytes pickle = new PickleBytes().storage("FloatStorage", 0, 6);
    assertThat(refusal(pickle.storage("LongStorage", 0, 3)))
        .startsWith("gives the storage \"0\" two types or sizes (byte ");
  }

  /** What older PyTorch, Python 2 and subclasses of tensors write, which 1.13 no longer does. */
  @Test
  void otherWaysToMakeATensor() throws IOException {
    PickleBytes pickle = new PickleBytes().global("collections", "OrderedDict");
    pickle.op(Opcodes.MARK, Opcodes.EMPTY_LIST, Opcodes.MARK); // [["old", tensor], ...]
    pickle.op(Opcodes.EMPTY_LIST, Opcodes.MARK).op(Opcodes.SHORT_BINSTRING, 3, 'o', 'l', 'd');
    pickle.global("torch._utils", "_rebuild_tensor").op(Opcodes.MARK);
    pickle.storage("FloatStorage", 0, 6).whole(2).tuple(2).tuple(1);
    pickle.op(Opcodes.TUPLE, Opcodes.REDUCE, Opcodes.APPENDS);
    pickle.op(Opcodes.EMPTY_LIST, Opcodes.MARK).text("subclass");
    pickle.global("torch._tensor", "_rebuild_from_type_v2").op(Opcodes.MARK);
    pickle.global("torch._utils", "_rebuild_tensor_v2").global("torch.nn.parameter", "Parameter");
    pickle.op(Opcodes.MARK).storage("FloatStorage", 0, 6).whole(0).tuple(6).tuple(1);
    pickle.op(Opcodes.TUPLE, Opcodes.EMPTY_DICT, Opcodes.TUPLE, Opcodes.REDUCE, Opcodes.APPENDS);
    pickle.op(Opcodes.APPENDS, Opcodes.TUPLE, Opcodes.REDUCE);

    Path file = save(ZipBytes.torch(pickle.done(), NUMBERS));
    try (PyTorchFile opened = PyTorchFile.open(file)) {
      assertThat(opened.tensor("old").shape()).containsExactly(2);
      assertThat(opened.tensor("subclass").shape()).containsExactly(6);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"_rebuild_tensor_v2", "_rebuild_parameter", "_rebuild_parameter_with_state"})
  void constructorsWithoutWhatTheyNeed(String name) throws IOException {
    PickleBytes none = new PickleBytes().global("torch._utils", name).op(Opcodes.EMPTY_TUPLE);
    assertThat(refusal(none.op(Opcodes.REDUCE))).startsWith("makes a ");
    PickleBytes wrong = new PickleBytes().global("torch._utils", name).tuple(1, 2, 3, 4, 5, 6);
    assertThat(refusal(wrong.op(Opcodes.REDUCE))).startsWith("makes a ");
  }

  @Test
  void dictsThatHoldThemselves() throws IOException {
    PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).put(0).op(Opcodes.MARK);
    pickle.text("self").get(0).text("list").op(Opcodes.EMPTY_LIST).put(1).get(1);
    pickle.op(Opcodes.APPEND).text("weights").op(Opcodes.EMPTY_DICT).text("w").tensor(6);
    pickle.op(Opcodes.SETITEM, Opcodes.SETITEMS);
    try (PyTorchFile file = PyTorchFile.open(save(ZipBytes.torch(pickle.done(), NUMBERS)))) {
      assertThat(file.tensors()).containsOnlyKeys("w");
    }
  }

  @Test
  void aModuleThatHoldsItself() throws IOException {
    PickleBytes pickle = new PickleBytes().global("__torch__", "Net");
    pickle.op(Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ).put(0);
    pickle.op(Opcodes.EMPTY_DICT).text("m").get(0).op(Opcodes.SETITEM, Opcodes.BUILD);
    assertThat(refusal(pickle))
        .startsWith("the modules in it are nested more than 64 deep (\"m.m.m.m.")
        .endsWith("); one may contain itself");
  }

  /** Each module holds the next one twice: 2 to the power of 60 names from some thousand bytes. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void modulesThatMultiply(boolean withTensor) throws IOException {
    PickleBytes pickle = new PickleBytes();
    if (withTensor) {
      pickle.tensor(6).put(0);
    } else {
      pickle.op(Opcodes.NONE).put(0);
    }
    for (int i = 0; i < 60; i++) {
      pickle.global("__torch__", "Net").op(Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ);
      pickle.op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("a").get(0).text("b").get(0);
      pickle.op(Opcodes.SETITEMS, Opcodes.BUILD).put(0);
    }
    assertThat(refusal(pickle))
        .isEqualTo("the names of its tensors are longer than the file could hold; it is damaged");
  }

  @Test
  void torchScriptWithoutWeights() throws IOException {
    PickleBytes pickle = new PickleBytes().global("__torch__", "Net").op(Opcodes.EMPTY_TUPLE);
    assertThat(refusal(pickle.op(Opcodes.NEWOBJ)))
        .isEqualTo(
            "holds TorchScript whose modules have no tensors; torch.jit.freeze moves them into the"
                + " code, so save the model before that");
  }

  @Test
  void aMillionLevelsDeep() throws IOException {
    PickleBytes lists = new PickleBytes();
    PickleBytes dicts = new PickleBytes();
    PickleBytes tuples = new PickleBytes().op(Opcodes.EMPTY_TUPLE);
    for (int i = 0; i < 1_000_000; i++) {
      lists.op(Opcodes.EMPTY_LIST);
      dicts.op(Opcodes.EMPTY_DICT).op(Opcodes.SHORT_BINUNICODE, 1, 'a');
      tuples.op(Opcodes.TUPLE1);
    }
    lists.op(Opcodes.NONE);
    dicts.op(Opcodes.NONE);
    for (int i = 0; i < 1_000_000; i++) {
      lists.op(Opcodes.APPEND);
      dicts.op(Opcodes.SETITEM);
    }
    assertThat(refusal(lists)).startsWith("holds a list instead of named tensors");
    assertThat(refusal(dicts)).startsWith("holds a dict without named tensors, with the keys");
    assertThat(refusal(tuples)).startsWith("holds a tuple instead of named tensors");
  }

  /** The most objects that a pickle can ask for by its bytes, one opcode or pattern at a time. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5d", // empty lists
        "7d", // empty dicts
        "29 85", // tuples of an empty tuple
        "28 74", // empty tuples, by marks
        "4b 07", // small numbers
        "4d 07 08", // larger numbers
        "8c 00", // empty texts
        "8c 01 61", // texts
        "7d 8c 01 61 4e 73", // dicts of one entry
        "68 00 29 52", // ordered dicts
        "68 01 29 81", // modules
        "68 02 51", // storages
        "68 04 68 03 52", // tensors of eight dimensions
        "94", // the same again under every number
        "8c 01 61 94", // texts under every number
      })
  void theCostOfAPickleIsASmallMultipleOfItsSize(String hex) throws IOException {
    byte[] pattern = HexFormat.of().parseHex(hex.replace(" ", ""));
    PickleBytes pickle = new PickleBytes().global("collections", "OrderedDict").put(0);
    pickle.global("__torch__", "Net").put(1);
    pickle.op(Opcodes.MARK).text("storage").global("torch", "FloatStorage").text("0").text("cpu");
    pickle.whole(6).op(Opcodes.TUPLE).put(2).op(Opcodes.MARK).get(2).op(Opcodes.BINPERSID);
    pickle.whole(0).tuple(1, 1, 1, 1, 1, 1, 1, 1).tuple(1, 1, 1, 1, 1, 1, 1, 1);
    pickle.op(Opcodes.TUPLE).put(3).global("torch._utils", "_rebuild_tensor_v2").put(4);
    for (int i = 0; i < 100_000; i++) {
      pickle.raw(pattern);
    }
    Path path = save(ZipBytes.torch(pickle.done(), NUMBERS));
    assertThat(Refusals.allocatedBy(path)).isPositive(); // loads the classes
    assertThat(Refusals.allocatedBy(path)).isLessThan(100 * Files.size(path));
  }

  /** As many names as a file can hold for one shared tensor. */
  @Test
  void aMillionNames() throws IOException {
    PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
    pickle.text("w").tensor(6).put(0);
    for (int i = 0; i < 1_000_000; i++) {
      pickle.op(Opcodes.SHORT_BINUNICODE, 4);
      pickle.op('0' + (i >> 18), '0' + ((i >> 12) & 63), '0' + ((i >> 6) & 63), '0' + (i & 63));
      pickle.op(Opcodes.BINGET, 0);
    }
    Path path = save(ZipBytes.torch(pickle.op(Opcodes.SETITEMS).done(), NUMBERS));
    long before = Refusals.allocated();
    assertThat(Refusals.of(path))
        .isEqualTo("the names of its tensors are longer than the file could hold; it is damaged");
    assertThat(Refusals.allocated() - before).isLessThan(100 * Files.size(path));
  }

  @Test
  void noWeightsAtAll() throws IOException {
    PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
    pickle.text("epoch").whole(3).text("\u001b[2J\n").op(Opcodes.NONE, Opcodes.SETITEMS);
    assertThat(refusal(pickle))
        .isEqualTo(
            "holds a dict without named tensors, with the keys \"epoch\", \"\\u001b[2J\\u000a\";"
                + " save a model's weights with torch.save(model.state_dict(), file)");
    assertThat(refusal(new PickleBytes().op(Opcodes.EMPTY_LIST)))
        .startsWith("holds a list instead of named tensors; ");
    assertThat(refusal(new PickleBytes().op(Opcodes.NONE)))
        .startsWith("holds a plain value instead of named tensors; ");
  }

  private static PickleBytes weights(UnaryOperator<PickleBytes> tensor) {
    PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).text("w");
    return tensor.apply(pickle).op(Opcodes.SETITEM);
  }

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private String refusalOf(long elements, long offset, long[] shape, long... strides)
      throws IOException {
    return refusal(weights(p -> p.tensor(elements, offset, shape, strides)));
  }

  private String refusal(PickleBytes pickle) throws IOException {
    return refusalOf(ZipBytes.torch(pickle.done(), NUMBERS));
  }

  private String refusalOf(byte[] bytes) throws IOException {
    return Refusals.of(save(bytes));
  }

  private Path save(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.pt"), bytes);
  }
}
