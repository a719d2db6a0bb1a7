using Slipway.Inference.Configuration;
using Slipway.Server.Configuration.Pipelines;
using Slipway.Server.Options;

namespace Slipway.Server.Configuration;

/// <summary>Reads a document into options, setting by setting.</summary>
internal static class SettingsReader
{
    /// <summary>Takes every setting of the document; faults are reported to <paramref name="reader"/>.</summary>
    public static void Read(ConfigReader reader, ConfigNode document, ServerOptions options)
    {
        Read(reader.Begin(document), "", options);
        PipelineArms.Check(reader, document);
    }

    /// <summary>Names of the settings and sections directly under a section; the empty prefix is the whole.</summary>
    public static IReadOnlyList<string> NamesUnder(string prefix) =>
    [
        .. Settings.All.Where(setting => setting.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(setting => setting.Key[prefix.Length..].Split('.')[0])
            .Distinct(),
    ];

    private static void Read(ConfigMapping section, string prefix, ServerOptions options)
    {
        foreach (string name in NamesUnder(prefix))
        {
            if (!section.TryGet(name, out ConfigValue value))
            {
                continue;
            }

            string key = prefix + name;
            if (Settings.All.FirstOrDefault(candidate => candidate.Key == key) is { } setting)
            {
                setting.Read(value, options);
            }
            else if (value.AsMapping() is { } inner)
            {
                Read(inner, key + ".", options);
            }
        }

        section.Finish();
    }
}
