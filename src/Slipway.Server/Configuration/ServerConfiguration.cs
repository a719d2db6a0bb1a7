using System.Collections;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Server.Options;

namespace Slipway.Server.Configuration;

/// <summary>Puts a server's options together: defaults, then the file, then the environment.</summary>
public static class ServerConfiguration
{
    /// <summary>Reads the options.</summary>
    /// <param name="file">The configuration file; null: none.</param>
    /// <param name="variables">Environment variables; those that begin with <c>SLIPWAY__</c> count.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, naming every fault.</exception>
    public static ServerOptions Read(string? file, IEnumerable<KeyValuePair<string, string>> variables)
    {
        ConfigReader reader = new();
        ConfigNode document = file is null ? ConfigNode.Null() : ReadFile(file);
        document = EnvironmentSettings.Apply(reader, document, variables);
        ServerOptions options = new();
        SettingsReader.Read(reader, document, options);
        return reader.IsClean ? options : throw Refuse(file, reader.Problems);
    }

    /// <summary>The variables of this process.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ProcessVariables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""));

    private static ConfigNode ReadFile(string file)
    {
        string text;
        try
        {
            FileInfo info = new(file);
            text = info.Length <= ConfigLimits.MaxBytes
                ? File.ReadAllText(file)
                : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{file}: more than {ConfigLimits.MaxBytes} bytes");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"the configuration file can't be read: {fault.Message}", fault);
        }

        return YamlText.TryParse(text, out ConfigNode? root, out ConfigProblem? problem) ? root : throw Refuse(file, [problem]);
    }

    private static SlipwayException Refuse(string? file, IReadOnlyList<ConfigProblem> problems) =>
        new(ErrorCode.InvalidConfiguration, $"{file ?? "configuration"}: {string.Join("; ", problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column))}");
}
