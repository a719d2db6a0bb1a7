using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Slipway.Cli.Terminal;

/// <summary>Help in which every argument that may be left out stands in brackets: the library's own list of commands shows all as required.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private readonly HelpAction _library;

    private HelpPage(HelpAction library) => _library = library;

    /// <summary>Help is given whatever else is wrong with the line.</summary>
    public override bool ClearsParseErrors => true;

    /// <summary>Makes it the help of a grammar that is complete.</summary>
    public static void AddTo(RootCommand root)
    {
        Mark(root);
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpPage((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        using StringWriter page = new();
        parseResult.InvocationConfiguration.Output = page;
        try
        {
            int status = _library.Invoke(parseResult);
            output.Write(page.ToString().Replace("<[", "[<", StringComparison.Ordinal).Replace("]>", ">]", StringComparison.Ordinal));
            return status;
        }
        finally
        {
            parseResult.InvocationConfiguration.Output = output;
        }
    }

    // The library puts every name in angle brackets. With the other ones inside, the columns have the widths that they are to have.
    private static void Mark(Command command)
    {
        foreach (Argument argument in command.Arguments.Where(static argument => argument.Arity.MinimumNumberOfValues == 0))
        {
            argument.HelpName = $"[{argument.HelpName ?? argument.Name}]";
        }

        foreach (Command subcommand in command.Subcommands)
        {
            Mark(subcommand);
        }
    }
}
