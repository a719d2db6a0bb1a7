using Slipway.Core;

namespace Slipway.Formats.Abstractions;

/// <summary>What a model file is and holds, for people and for machines (<c>slipway inspect</c>). Plain values only.</summary>
public sealed record ModelInspection
{
    /// <summary>Short name of the format.</summary>
    public required string Format { get; init; }

    /// <summary>Tool that wrote the file; empty when unknown.</summary>
    public string Producer { get; init; } = "";

    /// <summary>Version of that tool.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>Version of the file format as the format counts it; null when it has none.</summary>
    public long? FormatVersion { get; init; }

    /// <summary>Operator sets by domain; <c>ai.onnx</c> for ONNX's own.</summary>
    public IReadOnlyList<InspectedOpset> Opsets { get; init; } = [];

    /// <summary>Inputs.</summary>
    public IReadOnlyList<InspectedTensor> Inputs { get; init; } = [];

    /// <summary>Outputs.</summary>
    public IReadOnlyList<InspectedTensor> Outputs { get; init; } = [];

    /// <summary>Operators and how often each is used, most used first; subgraphs and functions included.</summary>
    public IReadOnlyList<InspectedOperator> Operators { get; init; } = [];

    /// <summary>Nodes, subgraphs and functions included.</summary>
    public long NodeCount { get; init; }

    /// <summary>Learned and constant numbers in the model.</summary>
    public long ParameterCount { get; init; }

    /// <summary>Bytes that those take.</summary>
    public long ParameterBytes { get; init; }

    /// <summary>Bytes of the main file.</summary>
    public long FileBytes { get; init; }

    /// <summary>Files beside the main file that the model needs.</summary>
    public IReadOnlyList<ModelFile> ExternalFiles { get; init; } = [];

    /// <summary>Free-form metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What is wrong, errors first.</summary>
    public IReadOnlyList<ModelProblem> Problems { get; init; } = [];
}

/// <summary>An operator set.</summary>
/// <param name="Domain">Whose operators.</param>
/// <param name="Version">Version of the set.</param>
public sealed record InspectedOpset(string Domain, long Version);

/// <summary>An input or output.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Element type as Open Inference names it, or a description such as <c>seq(map(INT64, FP32))</c>.</param>
/// <param name="Shape">Sizes; a name or <c>?</c> where the size is free. Null when not even the rank is known, or the value is no tensor.</param>
public sealed record InspectedTensor(string Name, string Type, IReadOnlyList<string>? Shape)
{
    /// <summary>Whether a request may leave it out.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>An operator and its count.</summary>
/// <param name="Name">Operator, with its domain where that is not ONNX's own.</param>
/// <param name="Count">How many nodes use it.</param>
public sealed record InspectedOperator(string Name, long Count);

/// <summary>Something wrong, or worth knowing, in a model file.</summary>
/// <param name="IsError">Whether the model can't be served because of it.</param>
/// <param name="Message">What is wrong and where.</param>
public sealed record ModelProblem(bool IsError, string Message);
