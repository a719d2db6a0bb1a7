using Slipway.Cli.Terminal;

namespace Slipway.Cli.Quickstart;

/// <summary>
/// The sample models and rows. They lie beside the program; models are copied into a folder of their own, which is removed at the end, so that a user may
/// change what is served without changing what is installed.
/// </summary>
internal sealed class Samples : IDisposable
{
    private Samples(string models, string rows)
    {
        (Models, Rows) = (models, rows);
    }

    /// <summary>Folder to serve.</summary>
    public string Models { get; }

    /// <summary>Folder with rows.</summary>
    public string Rows { get; }

    /// <summary>Copies the samples.</summary>
    /// <exception cref="CliException">They are not beside the program.</exception>
    public static Samples Prepare()
    {
        string installed = Path.Combine(AppContext.BaseDirectory, "samples", "quickstart");
        if (!Directory.Exists(Path.Combine(installed, "models")))
        {
            throw new CliException(ExitCode.Failed, $"the samples are missing: {installed}");
        }

        string copy = Directory.CreateTempSubdirectory("slipway-quickstart-").FullName;
        string models = Path.Combine(installed, "models");
        foreach (string file in Directory.EnumerateFiles(models, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(models, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return new Samples(copy, Path.Combine(installed, "rows"));
    }

    /// <summary>Removes the copies.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Models, recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder that somebody looks into may stay.
        }
    }
}
