namespace Slipway.TensorFlow.Evaluation;

/// <summary>Something of the model that is not supported.</summary>
/// <param name="Operation">Operator.</param>
/// <param name="Node">Name of the node with the calls around it.</param>
/// <param name="Reason">What of it; empty when it is the operator as such.</param>
internal sealed record Problem(string Operation, string Node, string Reason);
