using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Cli.Terminal;
using Slipway.Server.Registry.Declarations;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway apply</c>: makes a registry hold what files of a repository declare. Done twice, the second time does nothing.</summary>
internal static class ApplyCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Option<string> file = new("--file", "-f") { Required = true, Description = "File, or folder of .yaml files, that declares models.", HelpName = "FILE|DIR" };
        Option<bool> dryRun = new("--dry-run") { Description = "Only show what would be done." };
        Command command = new("apply", "Make the registry hold what files declare: models, versions, tags, aliases.") { file, dryRun };
        return RegistryOptions.On(terminal, command, async session =>
        {
            bool isDry = session.Parsed.GetValue(dryRun);
            ApplyPlan plan = new(session);
            foreach (DeclaredModel model in RegistryDeclaration.Read(session.Parsed.GetValue(file)!))
            {
                await plan.AddAsync(model);
            }

            foreach (string notice in plan.Notices)
            {
                await session.Terminal.Error.WriteLineAsync($"slipway: {notice}");
            }

            foreach (PlannedStep step in plan.Steps)
            {
                if (!session.IsJson)
                {
                    await session.Terminal.Out.WriteLineAsync($"{step.Model}: {step.Text}");
                }

                if (!isDry)
                {
                    await step.Run();
                }
            }

            AppliedPlan applied = new(!isDry, [.. plan.Steps.Select(static step => new AppliedStep(step.Model, step.Text))]);
            await session.WriteAsync(applied, ApplyJson.Readable.AppliedPlan, terminal => terminal.Error.WriteLine(
                applied.Steps.Count == 0 ? "everything is as declared" : $"{applied.Steps.Count} {(applied.Steps.Count == 1 ? "change" : "changes")} {(isDry ? "to be made" : "made")}"));
        });
    }
}

/// <summary>What <c>apply</c> did, for machines.</summary>
internal sealed record AppliedPlan(bool Applied, IReadOnlyList<AppliedStep> Steps);

/// <summary>One step of it.</summary>
internal sealed record AppliedStep(string Model, string Change);

/// <summary>JSON of it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AppliedPlan))]
internal sealed partial class ApplyJson : JsonSerializerContext
{
    /// <summary>Signs in steps stay readable.</summary>
    public static ApplyJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true });
}
