using Slipway.Core;
using Slipway.Registry.Options;

namespace Slipway.Registry.Models;

/// <summary>The stages that there are.</summary>
internal sealed class StageNames
{
    /// <summary>Where versions go that make room in their stage.</summary>
    public const string Archived = "Archived";

    private readonly string[] _stages;

    public StageNames(RegistryOptions options)
    {
        _stages = [.. options.Stages.Append(Archived).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (options.Stages.Count == 0 || _stages.Any(string.IsNullOrWhiteSpace))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "stages: at least one name was expected, and none that is empty");
        }
    }

    /// <summary>That of a new version.</summary>
    public string First => _stages[0];

    /// <summary>The spelling that is kept.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when there is no such stage.</exception>
    public string Canonical(string stage) => Array.Find(_stages, known => string.Equals(known, stage, StringComparison.OrdinalIgnoreCase))
        ?? throw new SlipwayException(ErrorCode.InvalidRequest, $"there is no stage '{stage}'; there are {string.Join(", ", _stages)}");
}
