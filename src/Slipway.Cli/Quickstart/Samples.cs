using Slipway.Cli.Terminal;

namespace Slipway.Cli.Quickstart;

/// <summary>
/// The sample models and rows. They lie beside the program; models are copied into a folder of their own, which is removed at the end, so that a user may
/// change what is served without changing what is installed.
/// </summary>
internal sealed class Samples : IDisposable
{
    private readonly string _next;

    private Samples(string models, string rows, string next)
    {
        (Models, Rows, _next) = (models, rows, next);
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
        Copy(Path.Combine(installed, "models"), copy);

        // Both versions stay loaded while one takes over from the other.
        File.WriteAllText(Path.Combine(copy, "digits", "model.yaml"), "versionPolicy: all\n");
        return new Samples(copy, Path.Combine(installed, "rows"), Path.Combine(installed, "next"));
    }

    /// <summary>Puts the next versions beside the present ones, as a deployment does; the server has to be told.</summary>
    public void AddNextVersions() => Copy(_next, Models);

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

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
