namespace Slipway.Client.Management;

/// <summary>One typed input or output.</summary>
/// <param name="Name">Name as the model has it.</param>
/// <param name="Datatype">Element type as Open Inference spells it, such as <c>FP32</c>.</param>
/// <param name="Shape">Shape; -1 is any size.</param>
public sealed record TensorDescription(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    /// <summary>Whether a request may leave this input out.</summary>
    public bool Optional { get; init; }

    /// <summary>Names of the classes that the last dimension runs over; null when unknown.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}
