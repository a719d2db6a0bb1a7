using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Client.Registry;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model list</c>: models and where their aliases point.</summary>
internal static class ListCommand
{
    private const int Page = 1000;

    public static Command Create(CliTerminal terminal)
    {
        Argument<string?> search = new("SEARCH") { Description = "Part of the name.", Arity = ArgumentArity.ZeroOrOne };
        Option<int> limit = new("--limit") { Description = "Most models to show.", DefaultValueFactory = static _ => 100, HelpName = "N" };
        Command command = new("list", "List the models of the registry.") { search, limit };
        return RegistryOptions.On(terminal, command, async session =>
        {
            int most = session.Parsed.GetValue(limit);
            if (most < 1)
            {
                throw new CliException(ExitCode.Usage, $"--limit {most}: 1 or more was expected");
            }

            List<RegistryModel> models = [];
            string? token = null;
            do
            {
                RegistryModelPage page = await session.Api.ListModelsAsync(session.Parsed.GetValue(search), token, Math.Min(Page, most), session.Cancellation);
                models.AddRange(page.Models);
                token = page.NextPageToken;
            }
            while (token is not null && models.Count < most);

            bool hasMore = token is not null || models.Count > most;
            RegistryModelPage shown = new([.. models.Take(most)], hasMore ? token : null);
            await session.WriteAsync(shown, RegistryJson.Indented.RegistryModelPage, terminal =>
            {
                RegistryText.Table(terminal, ["model", "aliases", "changed", "description"], shown.Models.Select(static model => (string[])
                    [model.Name, RegistryText.Aliases(model.Aliases), RegistryText.Time(model.UpdatedAt), model.Description?.Split('\n')[0] ?? ""]));
                if (hasMore)
                {
                    terminal.Error.WriteLine($"slipway: there are more; --limit {most * 10} shows more of them");
                }
            });
        });
    }
}
