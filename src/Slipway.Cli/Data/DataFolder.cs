using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Registry.Options;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;

namespace Slipway.Cli.Data;

/// <summary>The store that the commands work on: that of a folder, or the one that a configuration names.</summary>
internal sealed class DataFolder
{
    private readonly Option<string?> _data = new("--data") { Description = "The server's data folder.", HelpName = "DIR" };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The server's configuration, which names the store and its keys; needed for PostgreSQL, object storage and encrypted content.",
        HelpName = "FILE",
    };

    /// <summary>The options that say which store it is.</summary>
    public IEnumerable<Option> Options => [_data, _config];

    /// <summary>Opens the store; the caller disposes it.</summary>
    /// <exception cref="CliException">No store is named, or there is none.</exception>
    public EmbeddedRegistry Open(ParseResult parsed, TimeSpan? grace = null)
    {
        ServerOptions options = ServerConfiguration.Read(parsed.GetValue(_config), ServerConfiguration.ProcessVariables());
        options.Data = parsed.GetValue(_data) ?? options.Data;
        if (options.Data is not { } data)
        {
            throw new CliException(ExitCode.Usage, "--data DIR is expected, or --config FILE with data: in it");
        }

        // Opening would make a new one, which is never what looking after one means.
        RegistryOptions embedded = new() { DataFolder = Path.GetFullPath(data) };
        return options.Registry.Store is not null || File.Exists(embedded.DatabaseFile)
            ? EmbeddedRegistry.Open(options, Environment.UserName, grace)
            : throw new CliException(ExitCode.Usage, $"{data} holds no registry: {Path.GetFileName(embedded.DatabaseFile)} was expected in it");
    }

    /// <summary>A size for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };
}
