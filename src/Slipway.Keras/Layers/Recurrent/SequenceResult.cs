using Slipway.Formats.Onnx.Building;

namespace Slipway.Keras.Layers.Recurrent;

/// <summary>What running over a sequence gives.</summary>
/// <param name="Outputs">The output of each step, in the order of time whichever way it ran: <c>[N, T, units]</c>.</param>
/// <param name="Last">The output of the step that ran last.</param>
/// <param name="States">The states after it.</param>
internal sealed record SequenceResult(Edge Outputs, Edge Last, IReadOnlyList<Edge> States);
