package dev.sluice.io.keras;

import dev.sluice.io.Tensor;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A layer as Keras 3 has it: what kind it is, its settings, and its arrays in Keras's order and layout. */
final class LayerForm {
  /**
   * An array.
   *
   * @param place where a {@code .keras} file has it, in the group of the layer
   * @param tensor the numbers, by the name they have in a legacy {@code .h5}, without that of the layer
   */
  record Array(String place, Tensor tensor) {}

  private final String kind;
  private final String name;
  private final ObjectNode settings = JsonNodeFactory.instance.objectNode();
  private final List<Array> arrays = new ArrayList<>();
  private final List<String> unsayable = new ArrayList<>();

  LayerForm(String kind, String name) {
    this.kind = kind;
    this.name = name;
    settings.put("name", name);
  }

  String kind() {
    return kind;
  }

  String name() {
    return name;
  }

  ObjectNode settings() {
    return settings;
  }

  List<Array> arrays() {
    return arrays;
  }

  /** What Keras 3 has no setting for; weights alone can be written all the same. */
  List<String> unsayable() {
    return unsayable;
  }

  void add(String place, String name, List<Integer> shape, float... numbers) {
    arrays.add(new Array(place, new Tensor(name, shape, numbers)));
  }

  /** As {@code keras.saving.serialize_keras_object} describes it. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("module", "keras.layers").put("class_name", kind).set("config", settings);
    json.putNull("registered_name");
    return json;
  }
}
