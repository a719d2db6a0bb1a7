using Slipway.Core;

namespace Slipway.TestKit;

/// <summary>A real model with inputs and the outputs that others computed for them.</summary>
public sealed class OnnxTestCase
{
    /// <summary>Name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>The model file.</summary>
    public required byte[] Model { get; init; }

    /// <summary>Files that the model keeps tensors in, by location.</summary>
    public IReadOnlyDictionary<string, byte[]> ExternalData { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Inputs, in no particular order.</summary>
    public IReadOnlyList<Tensor> Inputs { get; init; } = [];

    /// <summary>
    /// Outputs to compare. A sequence of maps is the matrix of its values with keys ascending; its keys are in <see cref="ExpectedLabels"/>.
    /// </summary>
    public IReadOnlyList<Tensor> Expected { get; init; } = [];

    /// <summary>Class labels of outputs that were sequences of maps, by output name.</summary>
    public IReadOnlyDictionary<string, string[]> ExpectedLabels { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Whether expected figures come from other software, whose datatypes may differ: numbers are compared, not bytes.</summary>
    public bool IsLoose { get; init; }

    /// <summary>Numbers agree when they differ by no more than <see cref="AbsoluteTolerance"/> plus this times the expected one.</summary>
    public double RelativeTolerance { get; init; }

    /// <summary>See <see cref="RelativeTolerance"/>.</summary>
    public double AbsoluteTolerance { get; init; }

    /// <summary>Why the model must be refused; null when it must load.</summary>
    public string? MustFail { get; init; }
}
