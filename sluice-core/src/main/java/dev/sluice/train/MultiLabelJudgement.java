package dev.sluice.train;

/**
 * How a model did where an example has any number of labels.
 *
 * @param loss mean over examples of the negative log-likelihood of their labels, in nats
 * @param counts of labels
 */
public record MultiLabelJudgement(double loss, LabelCounts counts) implements Findings {}
