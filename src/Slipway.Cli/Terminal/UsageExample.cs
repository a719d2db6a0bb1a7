using System.Collections.Frozen;
using System.CommandLine;
using System.Text;

namespace Slipway.Cli.Terminal;

/// <summary>A command line that holds everything a command requires, with values that a reader recognises as examples.</summary>
internal static class UsageExample
{
    // By the name of the argument or option; with the command in front where one means something else.
    private static readonly FrozenDictionary<string, string> Values = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ALIAS"] = "champion",
        ["ENDPOINT"] = "fraud",
        ["FILE"] = "slipway.yaml",
        ["FOLDER"] = "backup",
        ["KEY"] = "dashboard",
        ["MODEL"] = "fraud:3",
        ["MODELFILE"] = "model.onnx",
        ["NAME"] = "fraud",
        ["PATH"] = "models/fraud",
        ["ROLLOUT"] = "fraud",
        ["STAGE"] = "Production",
        ["--data"] = "slipway-data",
        ["--file"] = "models.yaml",
        ["--input"] = "rows.csv",
        ["--key"] = "key.pem",
        ["--model"] = "fraud",
        ["--name"] = "fraud",
        ["--output"] = "answers.csv",
        ["--role"] = "predictor",
        ["--to"] = "3",
        ["convert MODELFILE"] = "model.pkl",
        ["convert --output"] = "model.onnx",
        ["create NAME"] = "dashboard",
        ["verify FILE"] = "receipt.json",
        ["verify --key"] = "receipt-key.pub",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What a command wants besides, where it wants one of several things.
    private static readonly FrozenDictionary<string, string> Choices = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["slipway endpoint evaluate"] = " --by-context",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The example.</summary>
    /// <param name="path">The command with those above it.</param>
    /// <param name="command">What it requires.</param>
    public static string Of(string path, Command command)
    {
        StringBuilder line = new(path);
        foreach (Argument argument in command.Arguments.Where(static argument => argument.Arity.MinimumNumberOfValues > 0))
        {
            line.Append(' ').Append(ValueOf(command, argument.Name));
        }

        foreach (Option option in command.Options.Where(static option => option.Required))
        {
            line.Append(' ').Append(option.Name).Append(' ').Append(ValueOf(command, option.Name));
        }

        return line.Append(Choices.GetValueOrDefault(path, "")).ToString();
    }

    private static string ValueOf(Command command, string name) =>
        Values.TryGetValue($"{command.Name} {name}", out string? special) ? special : Values.GetValueOrDefault(name, name);
}
