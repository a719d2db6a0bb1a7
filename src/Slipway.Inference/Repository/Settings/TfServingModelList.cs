using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Reads TensorFlow Serving's <c>ModelServerConfig</c> in text form.</summary>
internal static class TfServingModelList
{
    public static IReadOnlyList<ConfiguredModel> Read(string text, ConfigReader reader)
    {
        TextMessage message;
        try
        {
            message = TextFormatParser.Parse(text);
        }
        catch (TextFormatException fault)
        {
            reader.Report(new ConfigProblem("", fault.Message, fault.Line, fault.Column));
            return [];
        }

        TextFields root = new(message, "", reader);
        List<ConfiguredModel> models = [];
        if (root.Has("custom_model_config"))
        {
            root.Refuse("custom_model_config", "custom sources are not supported, model_config_list is");
        }

        if (root.Message("model_config_list") is { } list)
        {
            models.AddRange(list.Messages("config").Select(ReadModel));
            list.Finish();
        }

        root.Finish();
        return models;
    }

    private static ConfiguredModel ReadModel(TextFields fields)
    {
        List<string> notices = [];
        ConfiguredModel model = new(fields.Text("name") ?? "", fields.Text("base_path") ?? "")
        {
            Platform = fields.Text("model_platform") ?? "",
            VersionPolicy = ReadPolicy(fields, notices),
            Labels = ReadLabels(fields),
            Notices = notices,
        };
        if (model.Name.Length == 0)
        {
            fields.Refuse("name", "a name is expected");
        }

        if (model.BasePath.Length == 0)
        {
            fields.Refuse("base_path", "a base path is expected");
        }

        if (fields.Word("model_type") is { } type && type is not ("MODEL_TYPE_UNSPECIFIED" or "TENSORFLOW" or "0" or "1"))
        {
            fields.Refuse("model_type", $"'{type}' is not served");
        }

        // Requests are logged by the server's own capture, not by a model's list.
        fields.Has("logging_config");
        fields.Finish();
        return model;
    }

    private static VersionPolicy? ReadPolicy(TextFields fields, List<string> notices)
    {
        if (fields.Message("model_version_policy") is not { } policy)
        {
            return null;
        }

        List<VersionPolicy> chosen = [];
        if (policy.Message("latest") is { } latest)
        {
            // 0 is protobuf's "not said", and one version is served then, as TensorFlow Serving does. Who writes it may have meant none.
            long? count = latest.Integer("num_versions", 0, int.MaxValue);
            chosen.Add(new VersionPolicy.Latest((int)Math.Max(1, count ?? 1)));
            if (count == 0)
            {
                notices.Add("'num_versions: 0' in the list means one version, the largest");
            }

            latest.Finish();
        }

        if (policy.Message("all") is { } all)
        {
            chosen.Add(new VersionPolicy.All());
            all.Finish();
        }

        if (policy.Message("specific") is { } specific)
        {
            IReadOnlyList<long> versions = specific.Integers("versions", 0);
            chosen.Add(new VersionPolicy.Specific(versions));
            if (versions.Count == 0)
            {
                specific.Refuse("versions", "at least one version is expected");
            }

            specific.Finish();
        }

        policy.Finish();
        if (chosen.Count > 1)
        {
            policy.Refuse("", "one of latest, all and specific is expected");
        }

        return chosen.Count == 0 ? null : chosen[0];
    }

    private static Dictionary<string, long> ReadLabels(TextFields fields)
    {
        Dictionary<string, long> labels = new(StringComparer.Ordinal);
        foreach ((string label, TextFields entry) in fields.Map("version_labels"))
        {
            if (!ModelLabels.IsValid(label))
            {
                fields.Refuse("version_labels", $"'{label}': {ModelLabels.Rule}");
            }
            else
            {
                labels[label] = entry.Integer("value", 0) ?? 0;
            }
        }

        return labels;
    }
}
