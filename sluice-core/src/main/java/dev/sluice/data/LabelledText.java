package dev.sluice.data;

/** An example of text classification: a text and the label it belongs to. */
public record LabelledText(String label, String text) {}
