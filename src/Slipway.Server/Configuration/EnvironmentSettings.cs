using Slipway.Inference.Configuration;

namespace Slipway.Server.Configuration;

/// <summary>Settings in environment variables: <c>SLIPWAY__MODELS__PATH</c> is <c>models.path</c>, whatever the case.</summary>
internal static class EnvironmentSettings
{
    private const string Prefix = "SLIPWAY__";
    private const string Separator = "__";

    /// <summary>Lays the variables over a document. A variable that is no setting is reported.</summary>
    public static ConfigNode Apply(ConfigReader reader, ConfigNode document, IEnumerable<KeyValuePair<string, string>> variables)
    {
        foreach ((string variable, string value) in variables.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (TryFind(variable[Prefix.Length..].Split(Separator), out List<string> path, out string unknown, out IReadOnlyList<string> known))
            {
                document = document.With([.. path], ConfigNode.Scalar(value));
            }
            else
            {
                reader.Report(new ConfigProblem(variable, $"there is no setting '{unknown}'{NearestKey.Hint(unknown, known)}", 0, 0));
            }
        }

        return document;
    }

    /// <summary>Spells the parts of a variable as the keys they mean; what lies beneath a setting is the setting's own affair.</summary>
    private static bool TryFind(string[] parts, out List<string> path, out string unknown, out IReadOnlyList<string> known)
    {
        path = [];
        unknown = "";
        known = SettingsReader.NamesUnder("");
        string prefix = "";
        foreach (string part in parts)
        {
            bool isBelow = known.Count == 0;
            string? name = isBelow ? part.ToLowerInvariant() : known.FirstOrDefault(candidate => candidate.Equals(part, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                unknown = part.ToLowerInvariant();
                return false;
            }

            path.Add(name);
            prefix += name + ".";
            known = isBelow ? [] : SettingsReader.NamesUnder(prefix);
        }

        return true;
    }
}
