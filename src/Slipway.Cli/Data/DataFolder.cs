using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Terminal;
using Slipway.Registry;
using Slipway.Registry.Options;

namespace Slipway.Cli.Data;

/// <summary>The folder that the commands work on.</summary>
internal static class DataFolder
{
    public static Option<string> Option() => new("--data")
    {
        Description = "The server's data folder.",
        HelpName = "DIR",
        Required = true,
    };

    /// <summary>Opens the store of a folder; the caller disposes it.</summary>
    /// <exception cref="CliException">There is no store.</exception>
    public static ServiceProvider Open(string folder, TimeSpan? grace = null)
    {
        RegistryOptions options = new() { DataFolder = Path.GetFullPath(folder) };
        options = options with { CollectionGrace = grace ?? options.CollectionGrace };

        // Opening would make a new one, which is never what looking after one means.
        return File.Exists(options.DatabaseFile)
            ? new ServiceCollection().AddLogging().AddSlipwayRegistry(options).BuildServiceProvider()
            : throw new CliException(ExitCode.Usage, $"{folder} holds no registry: {Path.GetFileName(options.DatabaseFile)} was expected in it");
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
