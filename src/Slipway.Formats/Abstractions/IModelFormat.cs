using Slipway.Core;

namespace Slipway.Formats.Abstractions;

/// <summary>
/// A kind of model file. Recognising, describing and preparing are all there is: nothing a file says is executed. Thread-safe.
/// </summary>
public interface IModelFormat
{
    /// <summary>Short name for machines: <c>onnx</c>, <c>pmml</c> …</summary>
    string Name { get; }

    /// <summary>Name for people, with its article: <c>an ONNX model</c>.</summary>
    string Description { get; }

    /// <summary>What of the format is taken, from the registries that take it. Made when asked for: not for the path of a request.</summary>
    FormatSupport Support { get; }

    /// <summary>Whether the beginning of the main file, or the files around it, are of this kind. Cheap, never throws for what a file holds.</summary>
    bool Recognizes(FormatSample sample);

    /// <summary>Describes a model for people; problems found are part of the answer.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/> when not even that can be done.</exception>
    ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken);

    /// <summary>Reads, checks and, where needed, converts a model. The result belongs to the caller.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken);
}
