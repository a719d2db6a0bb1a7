namespace Slipway.Core;

/// <summary>One typed input or output of a model.</summary>
/// <param name="Name">Name as the model has it.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Shape; -1 is any size. The batch dimension, where the model has one, is part of it.</param>
public sealed record TensorSignature(string Name, TensorDataType DataType, TensorShape Shape)
{
    /// <summary>Whether a request may leave this input out (the model has a default for it).</summary>
    public bool IsOptional { get; init; }

    /// <summary>
    /// Whether the model file does not even say how many dimensions there are. Then <see cref="Shape"/> is empty and means nothing, rather than a scalar:
    /// a tensor of any shape fits.
    /// </summary>
    public bool IsRankUnknown { get; init; }

    /// <summary>Names of the dimensions in the model file (<c>batch</c>, <c>sequence</c> …), null where one has none. Empty when unknown.</summary>
    public IReadOnlyList<string?> DimensionNames { get; init; } = [];

    /// <summary>
    /// For outputs whose last dimension runs over classes: their names in order, from the model's metadata. Empty when unknown.
    /// </summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
