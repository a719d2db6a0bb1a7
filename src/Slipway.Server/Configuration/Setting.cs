using System.Globalization;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Options;
using Slipway.Traffic.Endpoints;
using Slipway.Trust.Policy;

namespace Slipway.Server.Configuration;

/// <summary>One setting: its key, how it is read and how it is shown. Made by <see cref="Of{T}(string, SettingParser{T}, Func{ServerOptions, T}, Action{ServerOptions, T}, bool)"/>; all of them are in <see cref="Settings"/>.</summary>
internal sealed class Setting
{
    private const string Masked = "***";

    private readonly Action<ConfigValue, ServerOptions> _read;
    private readonly Func<ServerOptions, string> _show;

    private Setting(string key, Action<ConfigValue, ServerOptions> read, Func<ServerOptions, string> show)
    {
        (Key, _read, _show) = (key, read, show);
    }

    /// <summary>Full key in the file, e.g. <c>models.path</c>.</summary>
    public string Key { get; }

    /// <summary>Describes a setting.</summary>
    /// <param name="key">Full key.</param>
    /// <param name="parse">Reads the value; false when it is wrong, which it has then reported.</param>
    /// <param name="get">Where the effective value is.</param>
    /// <param name="set">Where a value goes.</param>
    /// <param name="isSecret">Whether the value must not be shown.</param>
    public static Setting Of<T>(
        string key, SettingParser<T> parse, Func<ServerOptions, T> get, Action<ServerOptions, T> set, bool isSecret = false) => new(
        key,
        (value, options) =>
        {
            if (parse(value, out T parsed))
            {
                set(options, parsed);
            }
        },
        options => isSecret ? Masked : Show(get(options)));

    /// <summary>The same of a setting that is checked against settings before it.</summary>
    public static Setting Of<T>(string key, DependentSettingParser<T> parse, Func<ServerOptions, T> get, Action<ServerOptions, T> set) => new(
        key,
        (value, options) =>
        {
            if (parse(value, options, out T parsed))
            {
                set(options, parsed);
            }
        },
        options => Show(get(options)));

    /// <summary>Takes the value into the options, or reports what is wrong with it.</summary>
    public void Read(ConfigValue value, ServerOptions options) => _read(value, options);

    /// <summary>The effective value, for people; a secret is masked.</summary>
    public string Show(ServerOptions options) => _show(options);

    private static string Show<T>(T value) => value switch
    {
        null => "none",
        ModelConfig config => config == ModelConfig.Default ? "none" : "given",
        IReadOnlyList<string> texts => texts.Count == 0 ? "none" : string.Join(' ', texts),
        IReadOnlyList<ModelSigningOptions> rules => rules.Count == 0 ? "none" : string.Join(' ', rules.Select(static rule => rule.Pattern)),
        SignerFiles signers => signers.SigstoreRoots.Count == 0 ? "none" : "given",
        System.Collections.ICollection collection => collection.Count == 0 ? "none" : $"{collection.Count} given",
        bool truth => truth ? "true" : "false",
        TimeSpan duration => duration.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture) + "s",
        IReadOnlyCollection<EndpointDefinition> endpoints => endpoints.Count == 0 ? "none" : string.Join(" ", endpoints.Select(static endpoint => endpoint.Name)),
        IReadOnlyCollection<PipelineDefinition> pipelines => pipelines.Count == 0 ? "none" : string.Join(" ", pipelines.Select(static pipeline => pipeline.Name)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}

/// <summary>Reads a value of a configuration file; reports and returns false when it is wrong.</summary>
internal delegate bool SettingParser<T>(ConfigValue value, out T parsed);

/// <summary>The same where the value must fit what was read before.</summary>
internal delegate bool DependentSettingParser<T>(ConfigValue value, ServerOptions options, out T parsed);
