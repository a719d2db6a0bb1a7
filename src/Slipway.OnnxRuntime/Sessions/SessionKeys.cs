using System.Text;
using Slipway.Core;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Names for what sessions have in common.</summary>
internal static class SessionKeys
{
    /// <summary>Equal for models that can share a session: the same bytes, made with the same options.</summary>
    public static string OfModel(PreparedModel model, EngineConfig config)
    {
        StringBuilder key = new();
        key.Append(model.Digest).Append('\n').Append(model.MainFile).Append('\n').Append(model.SignatureName);
        AppendOptions(key, config);
        return key.ToString();
    }

    /// <summary>Equal for models that need the same memory: files of the same sizes, made into sessions with the same options.</summary>
    public static string OfSizes(PreparedModel model, EngineConfig config)
    {
        StringBuilder key = new();
        key.Append(model.Model.Length);
        foreach (string file in model.ExternalData.Keys.Order(StringComparer.Ordinal))
        {
            key.Append('+').Append(model.ExternalData[file].Length);
        }

        AppendOptions(key, config);
        return key.ToString();
    }

    private static void AppendOptions(StringBuilder key, EngineConfig config)
    {
        key.Append('\n').Append(config.IntraOpThreads).Append('\n').Append((int)config.Optimization);
        foreach (ExecutionProviderConfig provider in config.ExecutionProviders)
        {
            key.Append("\nprovider ").Append(provider.Name);
            Append(key, provider.Options);
        }

        key.Append("\nsession");
        Append(key, config.SessionOptions);
    }

    private static void Append(StringBuilder key, IReadOnlyDictionary<string, string> options)
    {
        foreach ((string name, string value) in options.OrderBy(static option => option.Key, StringComparer.Ordinal))
        {
            key.Append('\n').Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        }
    }
}
