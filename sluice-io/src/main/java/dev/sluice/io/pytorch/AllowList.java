package dev.sluice.io.pytorch;

import static dev.sluice.io.ModelFileException.shown;

import dev.sluice.io.ModelFileException;
import dev.sluice.io.TensorType;
import dev.sluice.io.pytorch.PickleValue.Constructor;
import dev.sluice.io.pytorch.PickleValue.Plain;
import dev.sluice.io.pytorch.PickleValue.StorageType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a pickle may name: constructors of tensors and dicts, types of storages, the
 * modules of TorchScript, and the harmless things that stand beside weights in checkpoints, which
 * become {@link Plain#OTHER}. Anything else is refused by its name. What comes of calling them is
 * for {@link Builder} to say.
 */
final class AllowList {
  private static final int LONGEST_NAME = 80;

  /** TorchScript puts the classes of its modules here; they are code, which is never read. */
  private static final String SCRIPT = "__torch__";

  private static final List<String> STORAGES = List.of("torch", "torch.cuda");
  private static final List<String> BUILTINS = List.of("builtins", "__builtin__"); // Python 3, 2
  private static final List<String> PATHS = List.of("pathlib", "pathlib._local"); // Python 3.13
  private static final List<String> LIGHTNING =
      List.of("pytorch_lightning", "lightning.pytorch"); // before 2.0, and since

  private static final List<String> NUMPY =
      List.of("numpy.core.multiarray", "numpy._core.multiarray"); // NumPy 1, 2

  private static final AllowList ALLOWED = new AllowList();

  private final Map<String, Map<String, PickleValue>> names = new HashMap<>(); // by module

  private AllowList() {
    allow(Constructor.TENSOR, "torch._utils", "_rebuild_tensor", "_rebuild_tensor_v2");
    allow(Constructor.PARAMETER, "torch._utils", "_rebuild_parameter");
    allow(Constructor.PARAMETER, "torch._utils", "_rebuild_parameter_with_state");
    allow(Constructor.TENSOR_OF_TYPE, "torch._tensor", "_rebuild_from_type_v2");
    allow(Constructor.DICT, "collections", "OrderedDict", "defaultdict");
    for (String module : STORAGES) {
      allow(new StorageType(TensorType.F64), module, "DoubleStorage");
      allow(new StorageType(TensorType.F32), module, "FloatStorage");
      allow(new StorageType(TensorType.F16), module, "HalfStorage");
      allow(new StorageType(TensorType.BF16), module, "BFloat16Storage");
      allow(new StorageType(TensorType.I64), module, "LongStorage");
      allow(new StorageType(TensorType.I32), module, "IntStorage");
      allow(new StorageType(TensorType.I16), module, "ShortStorage");
      allow(new StorageType(TensorType.I8), module, "CharStorage");
      allow(new StorageType(TensorType.U8), module, "ByteStorage");
      allow(new StorageType(TensorType.BOOL), module, "BoolStorage");
    }

    allow(Plain.OTHER, "torch", "Size", "device", "Tensor");
    allow(Plain.OTHER, "torch", "float32", "float", "float64", "double", "float16", "half");
    allow(Plain.OTHER, "torch", "bfloat16", "complex64", "complex128", "int64", "long", "int32");
    allow(Plain.OTHER, "torch", "int", "int16", "short", "int8", "uint8", "bool");
    allow(Plain.OTHER, "torch.nn.parameter", "Parameter");
    allow(Plain.OTHER, "torch.jit._pickle", "build_intlist", "build_tensorlist");
    allow(Plain.OTHER, "torch.jit._pickle", "build_doublelist", "build_boollist");
    allow(Plain.OTHER, "torch.jit._pickle", "restore_type_tag");
    allow(Plain.OTHER, "collections", "Counter");
    allow(Plain.OTHER, "argparse", "Namespace");
    allow(Plain.OTHER, "_codecs", "encode");
    for (String module : PATHS) {
      allow(Plain.OTHER, module, "PosixPath", "WindowsPath");
    }
    for (String lightning : LIGHTNING) {
      allow(Plain.OTHER, lightning + ".utilities.parsing", "AttributeDict");
      allow(Plain.OTHER, lightning + ".callbacks.model_checkpoint", "ModelCheckpoint");
      allow(Plain.OTHER, lightning + ".callbacks.early_stopping", "EarlyStopping");
    }
    for (String module : BUILTINS) {
      allow(Plain.OTHER, module, "set", "frozenset", "list", "dict", "int", "float", "str");
    }
    allow(Plain.OTHER, "numpy", "dtype", "ndarray");
    for (String module : NUMPY) {
      allow(Plain.OTHER, module, "scalar", "_reconstruct");
    }
  }

  private void allow(PickleValue value, String module, String... inModule) {
    for (String name : inModule) {
      names.computeIfAbsent(module, m -> new HashMap<>()).put(name, value);
    }
  }

  /**
   * What {@code name} of {@code module} stands for.
   *
   * @throws ModelFileException when it is not allowed, with the place at which {@code in} stands
   */
  static PickleValue find(PickleInput in, String module, String name) {
    if (module.equals(SCRIPT) || module.startsWith(SCRIPT + ".")) {
      return Constructor.SCRIPT_MODULE;
    }
    PickleValue value = ALLOWED.names.getOrDefault(module, Map.of()).get(name);
    if (value == null) {
      throw refused(in, module, name);
    }
    return value;
  }

  private static ModelFileException refused(PickleInput in, String module, String name) {
    String full = module + "." + name;
    String shown = full.length() <= LONGEST_NAME ? full : shown(full);
    if (module.startsWith("torch.nn.modules.")) {
      return in.refused(
          ("holds a whole module, %s %s, which only Python can run; save its weights alone, with"
                  + " torch.save(model.state_dict(), file)")
              .formatted(shown, in.place()));
    }
    if (STORAGES.contains(module) && name.endsWith("Storage")) {
      return in.refused(
          "holds a %s %s; Sluice reads numbers of the types %s, so convert it in PyTorch"
              .formatted(shown, in.place(), Arrays.toString(TensorType.values())));
    }
    return in.refused(
        ("refuses to build %s %s: a file of weights needs no such thing; save the weights alone,"
                + " with torch.save(model.state_dict(), file)")
            .formatted(shown, in.place()));
  }
}
