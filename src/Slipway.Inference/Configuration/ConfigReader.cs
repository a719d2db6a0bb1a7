using System.Globalization;

namespace Slipway.Inference.Configuration;

/// <summary>Gathers every problem of a configuration file, so that all are shown at once. Not thread-safe.</summary>
public sealed class ConfigReader
{
    private const int MaxProblems = 50;

    private readonly List<ConfigProblem> _problems = [];

    /// <summary>What was wrong, in the order found; no more than fifty.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>Whether nothing was wrong.</summary>
    public bool IsClean => _problems.Count == 0;

    /// <summary>Begins to read a whole document; nothing at all is an empty mapping.</summary>
    public ConfigMapping Begin(ConfigNode root) => Mapping(new ConfigValue(this, "", root)) ?? new ConfigMapping(this, "", ConfigNode.Mapping([]));

    /// <summary>Notes a problem.</summary>
    public void Report(string key, ConfigNode at, string message) => Report(new ConfigProblem(key, message, at.Line, at.Column));

    /// <summary>Notes a problem.</summary>
    public void Report(ConfigProblem problem)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(problem);
        }
    }

    internal ConfigMapping? Mapping(ConfigValue value)
    {
        switch (value.Node.Kind)
        {
            case ConfigNodeKind.Mapping:
                return new ConfigMapping(this, value.Key, value.Node);
            case ConfigNodeKind.Null:
                return new ConfigMapping(this, value.Key, ConfigNode.Mapping([], value.Node.Line, value.Node.Column));
            default:
                Report(value.Key, value.Node, $"keys and values are expected, not {value.Node.Description}");
                return null;
        }
    }

    internal static string Shown(long number) => number.ToString(CultureInfo.InvariantCulture);
}
