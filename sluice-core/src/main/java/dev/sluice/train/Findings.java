package dev.sluice.train;

/**
 * What a validation found out besides the score, to be looked at; each {@link Objective} has its
 * own.
 */
public sealed interface Findings permits ConfusionMatrix, MultiLabelJudgement, ForecastSample {}
