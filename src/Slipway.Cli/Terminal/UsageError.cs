using System.CommandLine;
using System.CommandLine.Parsing;

namespace Slipway.Cli.Terminal;

/// <summary>What is wrong with a command line, in one line.</summary>
internal static class UsageError
{
    /// <summary>Names every fault, shows an example where something is missing, and says where more is told.</summary>
    /// <param name="parsed">A command line with errors.</param>
    public static string Describe(ParseResult parsed)
    {
        CommandResult at = parsed.CommandResult;
        string command = string.Join(' ', PathOf(at));
        string? misfit = parsed.UnmatchedTokens is [var unknown, ..] ? Unknown(unknown, at.Command)
            : at.Command.Subcommands.Count > 0 ? $"a command is missing: {Known(at.Command)}"
            : null;
        string[] missing = [.. at.Command.Arguments.Where(argument => IsMissing(argument, at)).Select(static argument => argument.Name)];
        string[] others = [.. parsed.Errors.Where(error => !IsTold(error, misfit is not null)).Select(Message).Distinct()];

        List<string> faults = [.. others];
        if (missing.Length > 0)
        {
            faults.Insert(0, $"{string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing");
        }

        if (misfit is not null)
        {
            faults.Insert(0, misfit);
        }

        bool isIncomplete = missing.Length > 0 || parsed.Errors.Any(static error => error.SymbolResult is OptionResult { IdentifierTokenCount: 0 });
        string example = isIncomplete ? $", as in '{UsageExample.Of(command, at.Command)}'" : "";
        return $"{command}: {string.Join("; ", faults)}{example} (see '{command} --help')";
    }

    private static bool IsMissing(Argument argument, CommandResult at) =>
        argument.Arity.MinimumNumberOfValues > 0 && at.GetResult(argument) is not { Tokens.Count: > 0 };

    // What this page says in words of its own.
    private static bool IsTold(ParseError error, bool isMisfitTold) => error.SymbolResult switch
    {
        ArgumentResult { Parent: CommandResult at } result => IsMissing(result.Argument, at),
        CommandResult => isMisfitTold,
        _ => false,
    };

    private static string Unknown(string token, Command command) =>
        token.StartsWith('-') ? $"there is no option '{token}'"
        : command.Subcommands.Count > 0 ? $"there is no command '{token}': {Known(command)}"
        : $"'{token}' is one argument too many";

    private static string Known(Command command) => $"expected one of {string.Join(", ", command.Subcommands.Select(static known => known.Name))}";

    // The library names the type that it wanted, which is of no use to whoever typed the value.
    private static string Message(ParseError error)
    {
        string message = error.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        (string name, Type? type) = error.SymbolResult switch
        {
            OptionResult result => (result.Option.Name, result.Option.ValueType),
            ArgumentResult result => (result.Argument.Name, result.Argument.ValueType),
            _ => ("", null),
        };
        string? expected = type is null || !message.Contains("'System.", StringComparison.Ordinal) ? null : Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
        {
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.Double => "a number",
            TypeCode.Boolean => "true or false",
            _ => null,
        };
        return expected is not null && error.SymbolResult is { Tokens: [.., var given] } ? $"{name} '{given.Value}': expected {expected}" : message;
    }

    private static Stack<string> PathOf(CommandResult result)
    {
        Stack<string> names = [];
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            if (at is CommandResult command)
            {
                names.Push(command.Command is RootCommand ? "slipway" : command.Command.Name);
            }
        }

        return names;
    }
}
