using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Client.Registry;
using Slipway.Core;

namespace Slipway.Cli.Registry;

/// <summary><c>slipway model push</c>: publishes a file or folder as the next version of a model.</summary>
internal static class PushCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> path = new("PATH") { Description = "A model file, or a folder whose files make up the version." };
        Option<string> name = new("--name") { Description = "Model to publish to; created when there is none of that name.", Required = true, HelpName = "NAME" };
        Option<string[]> alias = new("--alias") { Description = "Point this alias at the new version.", HelpName = "ALIAS" };
        Option<string[]> tag = Pairs("--tag", "A tag of the version.");
        Option<string[]> metric = Pairs("--metric", "A metric of its evaluation.");
        Option<string[]> param = Pairs("--param", "A parameter of its training.");
        Option<string?> description = new("--description") { Description = "What is to be said of the version.", HelpName = "TEXT" };
        Option<long?> parent = new("--parent") { Description = "Version of the same model that it was made from.", HelpName = "N" };
        Option<string?> data = new("--training-data") { Description = "The data that it was trained on: a file, or its SHA-256.", HelpName = "FILE|DIGEST" };
        Option<string?> run = new("--run") { Description = "Run that made it.", HelpName = "ID" };
        Option<string?> reason = new("--reason") { Description = "Why, for the history.", HelpName = "TEXT" };
        Command command = new("push", "Publish a model file or folder as the next version of a model.")
        {
            path, name, alias, tag, metric, param, description, parent, data, run, reason,
        };
        return RegistryOptions.On(terminal, command, async session =>
        {
            ParseResult parsed = session.Parsed;
            string model = parsed.GetValue(name)!;
            NewRegistryVersion version = new([])
            {
                CreateModel = true,
                Tags = Read(parsed.GetValue(tag), "--tag"),
                Metrics = Read(parsed.GetValue(metric), "--metric").ToDictionary(static pair => pair.Key, static pair => NumberOf(pair.Key, pair.Value)),
                Parameters = Read(parsed.GetValue(param), "--param"),
                Description = parsed.GetValue(description),
                ParentVersion = parsed.GetValue(parent),
                RunId = parsed.GetValue(run),
                TrainingDataDigest = await DigestAsync(parsed.GetValue(data), session.Cancellation),
                Reason = parsed.GetValue(reason),
            };
            IReadOnlyList<LocalFile> files = LocalFiles.Of(parsed.GetValue(path)!);
            IReadOnlyList<RegistryFile> sent = await VersionUpload.SendAsync(session.Api, files, session.Terminal, session.Cancellation);
            RegistryVersion published = await session.Api.PublishAsync(model, version with { Files = sent }, session.Cancellation);
            foreach (string notice in published.Notices)
            {
                await session.Terminal.Error.WriteLineAsync($"slipway: {model}:{published.Number}: {notice}");
            }

            foreach (string which in (parsed.GetValue(alias) ?? []).Distinct(StringComparer.Ordinal))
            {
                await PointAsync(session, published, which, version.Reason);
            }

            RegistryVersion shown = parsed.GetValue(alias) is { Length: > 0 }
                ? await session.Api.GetVersionAsync(model, published.Number.ToString(CultureInfo.InvariantCulture), session.Cancellation)
                : published;
            await session.WriteAsync(shown, RegistryJson.Indented.RegistryVersion, terminal => terminal.Out.WriteLine(Describe(shown)));
        });
    }

    private static Option<string[]> Pairs(string name, string description) => new(name) { Description = $"{description} May be given more than once.", HelpName = "KEY=VALUE" };

    private static Dictionary<string, string> Read(string[]? given, string option)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (string pair in given ?? [])
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new CliException(ExitCode.Usage, $"{option} {pair}: KEY=VALUE was expected");
            }

            if (!pairs.TryAdd(pair[..at], pair[(at + 1)..]))
            {
                throw new CliException(ExitCode.Usage, $"{option} {pair[..at]} is given twice");
            }
        }

        return pairs;
    }

    private static double NumberOf(string key, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new CliException(ExitCode.Usage, $"--metric {key}={text}: a number was expected");

    private static async Task<string?> DigestAsync(string? data, CancellationToken cancellationToken)
    {
        if (data is null)
        {
            return null;
        }

        if (File.Exists(data))
        {
            await using FileStream file = File.OpenRead(data);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        }

        return Sha256Digest.TryParse(data, out Sha256Digest digest)
            ? digest.ToString()
            : throw new CliException(ExitCode.Usage, $"--training-data {data}: neither a file nor a SHA-256 of 64 hexadecimal digits");
    }

    // The version is there whatever becomes of the alias: the message has to say so.
    private static async Task PointAsync(RegistrySession session, RegistryVersion published, string alias, string? reason)
    {
        string done = $"{published.Model}:{published.Number} is published, but {alias} does not point at it:";
        try
        {
            await session.Api.SetAliasAsync(published.Model, alias, new AliasMove(published.Number) { Reason = reason }, session.Cancellation);
        }
        catch (SlipwayException fault)
        {
            throw new CliException(ExitCode.Failed, $"{done} {fault.Message}", fault);
        }
        catch (SlipwayClientException refusal)
        {
            throw new CliException(ExitCode.Failed, $"{done} {refusal.Message}", refusal);
        }
    }

    private static string Describe(RegistryVersion version) =>
        $"{version.Model}:{version.Number} published: {version.Format ?? "unknown format"}, {version.Files.Count} {(version.Files.Count == 1 ? "file" : "files")}, "
        + $"{RegistryText.Size(version.Bytes)}, digest {RegistryText.Short(version.Digest)}"
        + (version.Aliases.Count > 0 ? $", {string.Join(", ", version.Aliases)}" : "");
}
