using System.Globalization;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>
/// Reads Triton's <c>config.pbtxt</c> over defaults. What can be served differently from what is written is refused; what only tunes and has no
/// counterpart here is noticed. docs/model-repository.md has the table.
/// </summary>
internal sealed class TritonConfig
{
    private readonly TextFields _fields;
    private readonly ConfigReader _reader;
    private readonly ModelFolder _folder;
    private readonly List<string> _notices = [];

    private TritonConfig(TextFields fields, ConfigReader reader, ModelFolder folder)
    {
        (_fields, _reader, _folder) = (fields, reader, folder);
    }

    /// <summary>Reads the text for the model <paramref name="name"/> (null: whatever its name). Problems go to <paramref name="reader"/>.</summary>
    public static ModelSettings Read(string text, string? name, ModelSettings defaults, ModelFolder folder, ConfigReader reader)
    {
        TextMessage message;
        try
        {
            message = TextFormatParser.Parse(text);
        }
        catch (TextFormatException fault)
        {
            reader.Report(new ConfigProblem("", fault.Message, fault.Line, fault.Column));
            return defaults;
        }

        TritonConfig config = new(new TextFields(message, "", reader), reader, folder);
        ModelSettings settings = config.Read(name, defaults);
        config._fields.Finish();
        return settings with { Notices = [.. settings.Notices, .. config._notices] };
    }

    private ModelSettings Read(string? name, ModelSettings defaults)
    {
        CheckIdentity(name);
        CheckUnsupported();
        bool saysBatch = _fields.Has("max_batch_size");
        int maxBatchSize = (int)(_fields.Integer("max_batch_size", 0, int.MaxValue) ?? 0);
        bool isBatching = maxBatchSize > 0;
        TritonTensors tensors = new(_fields, _reader, _folder, isBatching, Notice);
        ModelConfig config = defaults.Config with
        {
            VersionPolicy = ReadVersionPolicy() ?? defaults.Config.VersionPolicy,
            MaxBatchSize = maxBatchSize,
            Batchable = isBatching ? true : saysBatch ? false : defaults.Config.Batchable,
            DeclaredInputs = tensors.ReadInputs(),
            DeclaredOutputs = tensors.ReadOutputs(),
            OutputLabels = tensors.Labels,
        };

        // Triton batches only what asks for it; a limit alone is no wish to wait for company.
        config = TritonBatching.Apply(_fields, config with { Batching = null }, Notice);
        config = TritonEngine.Apply(_fields, config, Notice);
        config = config with
        {
            Warmup = TritonWarmup.Read(_fields, _folder, isBatching),
            ResponseCache = ReadResponseCache(config.ResponseCache),
            MetricTags = _fields.Has("metric_tags") ? _fields.TextMap("metric_tags") : config.MetricTags,
        };
        NoticeTheRest();
        return defaults with { Config = config, MainFile = ReadMainFile() ?? defaults.MainFile };
    }

    private void Notice(string notice) => _notices.Add($"config.pbtxt: {notice}");

    private void CheckIdentity(string? name)
    {
        if (_fields.Text("name") is { Length: > 0 } written && name is not null && written != name)
        {
            _fields.Refuse("name", $"'{written}' is not the name of the folder, '{name}'");
        }

        if (_fields.Text("platform") is { Length: > 0 } platform and not ("onnxruntime_onnx" or "onnxruntime"))
        {
            _fields.Refuse("platform", platform == "ensemble" ? "ensembles are not served" : $"'{platform}' is not served here, 'onnxruntime_onnx' is");
        }

        if (_fields.Text("backend") is { Length: > 0 } backend and not "onnxruntime")
        {
            _fields.Refuse("backend", $"'{backend}' is not served here, 'onnxruntime' is");
        }
    }

    private void CheckUnsupported()
    {
        foreach ((string field, string why) in new[]
        {
            ("ensemble_scheduling", "ensembles are not served"),
            ("sequence_batching", "sequences (requests that belong together) are not supported"),
            ("batch_input", "inputs made from the batch are not supported"),
            ("batch_output", "outputs scattered by an input's shape are not supported"),
            ("model_operations", "libraries of custom operators are never loaded"),
            ("model_repository_agents", "repository agents are not supported"),
        })
        {
            // An empty message still chooses the scheduler or asks for the feature.
            if (_fields.Has(field))
            {
                _fields.Refuse(field, why);
            }
        }

        if (_fields.Message("model_transaction_policy") is { } policy)
        {
            if (policy.Bool("decoupled") == true)
            {
                policy.Refuse("decoupled", "models that answer more or less than once are not supported");
            }

            policy.Finish();
        }
    }

    private VersionPolicy? ReadVersionPolicy()
    {
        if (_fields.Message("version_policy") is not { } policy)
        {
            return null;
        }

        VersionPolicy? chosen = null;
        if (policy.Message("latest") is { } latest)
        {
            chosen = new VersionPolicy.Latest((int)(latest.Integer("num_versions", 1, int.MaxValue) ?? 1));
            latest.Finish();
        }

        if (policy.Message("all") is { } all)
        {
            chosen = Only(chosen, new VersionPolicy.All(), policy);
            all.Finish();
        }

        if (policy.Message("specific") is { } specific)
        {
            IReadOnlyList<long> versions = specific.Integers("versions", 0);
            chosen = Only(chosen, new VersionPolicy.Specific(versions), policy);
            if (versions.Count == 0)
            {
                specific.Refuse("versions", "at least one version is expected");
            }

            specific.Finish();
        }

        policy.Finish();
        return chosen;
    }

    private static VersionPolicy Only(VersionPolicy? other, VersionPolicy chosen, TextFields policy)
    {
        if (other is not null)
        {
            policy.Refuse("", "one of latest, all and specific is expected");
        }

        return chosen;
    }

    private ResponseCacheConfig? ReadResponseCache(ResponseCacheConfig? otherwise)
    {
        if (_fields.Message("response_cache") is not { } cache)
        {
            return otherwise;
        }

        bool enable = cache.Bool("enable") ?? false;
        cache.Finish();
        return enable ? otherwise ?? new ResponseCacheConfig() : null;
    }

    private string? ReadMainFile()
    {
        if (_fields.Text("default_model_filename") is not { Length: > 0 } file)
        {
            return null;
        }

        if (ModelFolder.IsPlainName(file))
        {
            return file;
        }

        _fields.Refuse("default_model_filename", $"'{file}' is not a plain relative file name");
        return null;
    }

    private void NoticeTheRest()
    {
        foreach (string field in (string[])["cc_model_filenames", "runtime", "model_metrics"])
        {
            if (_fields.Has(field))
            {
                Notice(string.Create(CultureInfo.InvariantCulture, $"'{field}' means nothing here"));
            }
        }
    }
}
