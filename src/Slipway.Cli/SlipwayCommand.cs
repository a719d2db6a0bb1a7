using System.CommandLine;
using System.Net;
using Slipway.Cli.Commands;
using Slipway.Cli.Experiments;
using Slipway.Cli.Imports;
using Slipway.Cli.Registry;
using Slipway.Cli.Scoring;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Core;

namespace Slipway.Cli;

/// <summary>The <c>slipway</c> command: its grammar, and how every outcome becomes an exit status and at most one line on standard error.</summary>
internal static class SlipwayCommand
{
    // Stands for the variable, so that every client finds the token in one place; the token itself is never an argument, which other users of the machine could read.
    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = $"File with the token to send to servers (also {ClientHandler.TokenFileVariable}, or the token itself in {ClientHandler.TokenVariable}).",
        HelpName = "FILE",
        Recursive = true,
    };

    // An argument that begins with @ is what it says, never a file of further arguments.
    private static readonly ParserConfiguration Grammar = new() { ResponseFileTokenReplacer = null };

    /// <summary>The grammar with all subcommands. A new command is one line here.</summary>
    public static RootCommand Create(CliTerminal terminal) => new("Serves machine-learning models.")
    {
        TokenFile,
        QuickstartCommand.Create(terminal),
        ServeCommand.Create(terminal),
        InspectCommand.Create(terminal),
        FormatsCommand.Create(terminal),
        ConvertCommand.Create(terminal),
        PredictCommand.Create(),
        BenchCommand.Create(terminal),
        ScoreCommand.Create(terminal),
        ModelCommand.Create(terminal),
        AuditCommand.Create(terminal),
        KeyCommand.Create(terminal),
        RolloutCommand.Create(terminal),
        ExperimentCommand.Create(terminal),
        EndpointCommand.Create(terminal),
        ApplyCommand.Create(terminal),
        ImportCommand.Create(terminal),
        PipelineCommand.Create(terminal),
        ReceiptCommand.Create(terminal),
        EncryptionCommand.Create(terminal),
        DataCommand.Create(terminal),
        VersionCommand.Create(terminal),
    };

    /// <summary>Parses and runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliTerminal terminal)
    {
        RootCommand grammar = Create(terminal);
        HelpPage.AddTo(grammar);
        ParseResult parsed = grammar.Parse(args, Grammar);
        if (parsed.Errors.Count > 0)
        {
            await terminal.Error.WriteLineAsync(UsageError.Describe(parsed));
            return ExitCode.Usage;
        }

        // Null: signals are ours. Commands end on the token when Ctrl-C or SIGTERM comes; those that serve listen themselves.
        InvocationConfiguration invocation = new()
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };

        if (parsed.GetValue(TokenFile) is { } file)
        {
            Environment.SetEnvironmentVariable(ClientHandler.TokenFileVariable, file);
        }

        using Interruption? interruption = parsed.CommandResult.Command.Name is ServeCommand.Name or QuickstartCommand.Name ? null : new Interruption();
        try
        {
            return await parsed.InvokeAsync(invocation, interruption?.Token ?? CancellationToken.None);
        }
        catch (Exception exception) when (Outcome(exception) is var (code, message))
        {
            await terminal.Error.WriteLineAsync($"slipway: {message}");
            return code;
        }
    }

    // A bug keeps its stack trace: it is for the people who fix it, and no exit status of ours describes it.
    private static (int Code, string Message)? Outcome(Exception exception) => exception switch
    {
        CliException known => (known.ExitCode, known.Message),
        SlipwayException failure => (CodeOf(failure.Code), failure.Message),
        OperationCanceledException => (ExitCode.Failed, "interrupted"),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or IOException => (ExitCode.Failed, exception.Message),
        SlipwayClientException refusal => (refusal.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge ? ExitCode.BadInput : ExitCode.Failed, refusal.Message),
        GrpcFailureException refusal => (ExitCode.Failed, refusal.Message),
        NotSupportedException impossible => (ExitCode.BadInput, impossible.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } absent =>
            (ExitCode.Failed, $"no server answers: {absent.Message}; is it started, and is this its address?"),
        HttpRequestException unreachable => (ExitCode.Failed, unreachable.Message),
        _ => null,
    };

    private static int CodeOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidConfiguration => ExitCode.Usage,
        ErrorCode.InvalidModel or ErrorCode.NotSupported or ErrorCode.InvalidRequest or ErrorCode.ShapeMismatch or ErrorCode.PayloadTooLarge => ExitCode.BadInput,
        _ => ExitCode.Failed,
    };
}
