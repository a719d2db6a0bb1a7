using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository.Settings;

/// <summary>
/// Reads <c>model.yaml</c>, or the same keys elsewhere (server-wide defaults), over what was said before. docs/model-repository.md lists the keys.
/// </summary>
public static class ModelYaml
{
    private static readonly IReadOnlyDictionary<string, LoadPolicy> LoadWords =
        new Dictionary<string, LoadPolicy> { ["eager"] = LoadPolicy.Eager, ["onDemand"] = LoadPolicy.OnDemand };

    /// <summary>Reads a whole file's text. Problems go to <paramref name="reader"/>; what is wrong counts as not said.</summary>
    public static ModelSettings Read(string text, ModelSettings defaults, ModelFolder folder, ConfigReader reader)
    {
        if (!YamlText.TryParse(text, out ConfigNode? root, out ConfigProblem? problem))
        {
            reader.Report(problem);
            return defaults;
        }

        ConfigMapping mapping = reader.Begin(root);
        ModelSettings settings = Read(mapping, defaults, folder);
        mapping.Finish();
        return settings;
    }

    /// <summary>
    /// Reads the keys of a mapping that may have others as well: the caller reads those and calls <see cref="ConfigMapping.Finish"/>.
    /// </summary>
    public static ModelSettings Read(ConfigMapping mapping, ModelSettings defaults, ModelFolder folder)
    {
        ModelConfig before = defaults.Config;
        ModelConfig config = before with
        {
            VersionPolicy = mapping.GetObject("versionPolicy", ReadVersionPolicy, before.VersionPolicy),
            Labels = mapping.GetObject("labels", ReadLabels, before.Labels),
            DefaultVersion = mapping.TryGet("defaultVersion", out ConfigValue defaultVersion) ? defaultVersion.AsInt64(0) : before.DefaultVersion,
            Load = mapping.Get("load", static value => value.AsOneOf(LoadWords), before.Load),
            Batchable = mapping.TryGet("batchable", out ConfigValue batchable) ? batchable.AsBool() : before.Batchable,
            MaxBatchSize = mapping.Get("maxBatchSize", static value => value.AsInt32(0), before.MaxBatchSize),
            Instances = mapping.Get("instances", static value => value.AsInt32(0, 1024), before.Instances),
            Parameters = mapping.GetObject("parameters", static value => value.AsTextMap(), before.Parameters),
            MetricTags = mapping.GetObject("metricTags", static value => value.AsTextMap(), before.MetricTags),
        };
        config = ModelYamlSections.ReadBatching(mapping, config);
        config = ModelYamlSections.ReadQueue(mapping, config);
        config = ModelYamlSections.ReadResponseCache(mapping, config);
        config = ModelYamlSections.ReadEngine(mapping, config);
        config = ModelYamlTensors.Read(mapping, config, folder);
        config = ModelYamlWarmup.Read(mapping, config, folder);
        return defaults with { Config = config, MainFile = mapping.GetObject("mainFile", ReadMainFile, defaults.MainFile) };
    }

    private static VersionPolicy? ReadVersionPolicy(ConfigValue value)
    {
        if (value.IsScalar && value.Node.Text is "latest" or "all")
        {
            return value.Node.Text == "all" ? new VersionPolicy.All() : VersionPolicy.LatestOne;
        }

        if (!value.IsMapping)
        {
            value.Refuse($"latest, all, {{latest: N}} or {{specific: [N, …]}} is expected, not {value.Node.Description}");
            return null;
        }

        ConfigMapping mapping = value.AsMapping()!;
        VersionPolicy? latest = mapping.TryGet("latest", out ConfigValue count) && count.AsInt32(1) is { } number ? new VersionPolicy.Latest(number) : null;
        VersionPolicy? specific = mapping.TryGet("specific", out ConfigValue list) && list.AsList() is { } versions
            ? new VersionPolicy.Specific([.. versions.Select(static version => version.AsInt64(0)).OfType<long>()])
            : null;
        if (specific is VersionPolicy.Specific { Versions.Count: 0 })
        {
            list.Refuse("at least one version is expected");
        }

        mapping.Finish();
        if (mapping.Has("latest") == mapping.Has("specific"))
        {
            value.Refuse("one of latest and specific is expected");
        }

        return latest ?? specific;
    }

    private static Dictionary<string, long>? ReadLabels(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        Dictionary<string, long> labels = new(StringComparer.Ordinal);
        foreach ((string label, ConfigValue version) in mapping.All())
        {
            if (!ModelLabels.IsValid(label))
            {
                version.Refuse(ModelLabels.Rule);
            }
            else if (version.AsInt64(0) is { } number)
            {
                labels[label] = number;
            }
        }

        return labels;
    }

    private static string? ReadMainFile(ConfigValue value)
    {
        string? name = value.AsText();
        if (name is null || ModelFolder.IsPlainName(name))
        {
            return name;
        }

        value.Refuse("a plain relative file name is expected");
        return null;
    }
}
