namespace Slipway.Client.Models;

/// <summary>What a model takes and gives.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Versions">Versions that are ready, or the one asked for.</param>
/// <param name="Platform">Platform name, such as <c>onnxruntime_onnx</c>.</param>
/// <param name="Inputs">Inputs in the model's order.</param>
/// <param name="Outputs">Outputs in the model's order.</param>
public sealed record ModelMetadata(
    string Name, IReadOnlyList<string>? Versions, string Platform, IReadOnlyList<TensorMetadata> Inputs, IReadOnlyList<TensorMetadata> Outputs);

/// <summary>One input or output.</summary>
/// <param name="Name">Name as the model has it.</param>
/// <param name="Datatype">Element type, such as <c>FP32</c>.</param>
/// <param name="Shape">Shape; -1 is any size.</param>
public sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape);
