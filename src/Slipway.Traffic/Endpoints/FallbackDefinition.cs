using Slipway.Core;

namespace Slipway.Traffic.Endpoints;

/// <summary>What answers when an arm fails for a reason that is not the caller's: another arm, or an answer prepared beforehand.</summary>
public sealed record FallbackDefinition
{
    /// <summary>Name of the arm that stands in; null when the answer is static. Its own failure is final.</summary>
    public string? Arm { get; init; }

    /// <summary>Outputs of a static answer; null when an arm stands in.</summary>
    public IReadOnlyList<StaticOutput>? Answer { get; init; }
}

/// <summary>One output of a static answer.</summary>
/// <param name="Name">Name.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Shape; a first dimension of -1 stands for the rows of the request, for each of which the values are repeated.</param>
/// <param name="Data">Bytes of the elements (of one row where rows repeat), as <see cref="Tensor"/> has them.</param>
public sealed record StaticOutput(string Name, TensorDataType DataType, TensorShape Shape, ReadOnlyMemory<byte> Data);
