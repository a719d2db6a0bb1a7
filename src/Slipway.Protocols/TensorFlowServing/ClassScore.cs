namespace Slipway.Protocols.TensorFlowServing;

/// <summary>One class of a classification.</summary>
/// <param name="Label">Name of the class; empty when it has none.</param>
/// <param name="Score">Its score; 0 when the model gives none.</param>
internal readonly record struct ClassScore(string Label, float Score);
