using Slipway.Core;

namespace Slipway.Inference.Repository.Settings;

/// <summary>What a model's configuration files say.</summary>
/// <param name="Config">How it is to be served.</param>
public sealed record ModelSettings(ModelConfig Config)
{
    /// <summary>Name of the model's file in each version; null: found by its name.</summary>
    public string? MainFile { get; init; }

    /// <summary>What was understood but means nothing here.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Notes something for the operator.</summary>
    public ModelSettings WithNotice(string notice) => this with { Notices = [.. Notices, notice] };
}
