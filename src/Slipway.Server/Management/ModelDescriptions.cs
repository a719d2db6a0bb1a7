using System.Text.Json;
using Slipway.Client.Management;
using Slipway.Core;

namespace Slipway.Server.Management;

/// <summary>Snapshots of the catalogue in the words of the management API.</summary>
internal static class ModelDescriptions
{
    /// <summary>Describes a model.</summary>
    public static ModelDescription Describe(ModelSnapshot model) => new(
        model.Name,
        JsonNamingPolicy.CamelCase.ConvertName(model.Config.Load.ToString()),
        model.Labels,
        [.. model.Versions.Select(Describe)])
    {
        Problem = model.Problem,
        Notices = model.Notices.Count > 0 ? model.Notices : null,
    };

    private static VersionDescription Describe(VersionSnapshot version) => new(
        version.Version, JsonNamingPolicy.CamelCase.ConvertName(version.State.ToString()), version.Since)
    {
        Reason = version.Reason,
        Error = version.Error?.ToString(),
        Digest = version.Servable?.Digest,
        Platform = version.Servable?.Platform,
        MaxBatchSize = version.Servable?.MaxBatchSize,
        MemoryBytes = version.MemoryBytes > 0 ? version.MemoryBytes : null,
        Inputs = version.Servable?.Signature.Inputs.Select(Describe).ToArray(),
        Outputs = version.Servable?.Signature.Outputs.Select(Describe).ToArray(),
    };

    private static TensorDescription Describe(TensorSignature tensor) => new(tensor.Name, tensor.DataType.ToName(), tensor.Shape.Dimensions.ToArray())
    {
        Optional = tensor.IsOptional,
        Labels = tensor.Labels.Count > 0 ? tensor.Labels : null,
    };
}
