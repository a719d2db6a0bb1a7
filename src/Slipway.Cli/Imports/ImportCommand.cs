using System.CommandLine;
using Slipway.Cli.Registry;
using Slipway.Cli.Terminal;
using Slipway.Server.Imports;

namespace Slipway.Cli.Imports;

/// <summary><c>slipway import</c>: takes whole repositories of other servers into the registry. What is there already is not published again.</summary>
internal static class ImportCommand
{
    public static Command Create(CliTerminal terminal) => new("import", "Take a repository of another server into the registry.")
    {
        From(terminal, "triton", "A Triton model repository: NAME/config.pbtxt and NAME/VERSION/…", static (path, token) => FolderImport.ReadRepositoryAsync(path, token), servesNewest: true),
        From(terminal, "tfserving", "A TensorFlow Serving base path, a folder of them, or a model_config_list file.", static (path, token) => FolderImport.ReadTensorFlowServingAsync(path, token), servesNewest: true),
        From(terminal, "mlflow", "The registered models of an MLflow server (http://…) or of a file store (mlruns).", ReadMlflowAsync, servesNewest: false),
    };

    private static Command From(
        CliTerminal terminal, string kind, string description, Func<string, CancellationToken, Task<IReadOnlyList<ImportedModel>>> read, bool servesNewest)
    {
        Argument<string> path = new("PATH") { Description = description };
        Option<string[]> only = new("--model") { Description = "Take only this model. May be given more than once.", HelpName = "NAME" };
        Option<bool> dryRun = new("--dry-run") { Description = "Only show what would be done." };
        Option<bool> noAlias = new("--no-alias") { Description = "Do not point champion at the newest version of models that bring no label." };
        Command command = new(kind, description) { path, only, dryRun };
        if (servesNewest)
        {
            command.Options.Add(noAlias);
        }

        return RegistryOptions.On(terminal, command, async session =>
        {
            string[] wanted = session.Parsed.GetValue(only) ?? [];
            IReadOnlyList<ImportedModel> models = await read(session.Parsed.GetValue(path)!, session.Cancellation);
            if (wanted.Except(models.Select(static model => model.Name)).FirstOrDefault() is { } missing)
            {
                throw new CliException(ExitCode.BadInput, $"the repository has no model '{missing}'");
            }

            ImportRun run = new(session, kind, session.Parsed.GetValue(dryRun), servesNewest && !session.Parsed.GetValue(noAlias));
            foreach (ImportedModel model in models.Where(model => wanted.Length == 0 || wanted.Contains(model.Name)))
            {
                await run.TakeAsync(model);
            }

            await run.FinishAsync();
        });
    }

    private static async Task<IReadOnlyList<ImportedModel>> ReadMlflowAsync(string path, CancellationToken cancellationToken)
    {
        bool isUrl = path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isUrl)
        {
            return MlrunsImport.Read(path.StartsWith("file://", StringComparison.Ordinal) ? new Uri(path).LocalPath : path);
        }

        MlflowServer server = new(Uri.TryCreate(path, UriKind.Absolute, out Uri? url) ? url : throw new CliException(ExitCode.Usage, $"'{path}' is not an address"));
        return await server.ReadModelsAsync(cancellationToken);
    }
}
