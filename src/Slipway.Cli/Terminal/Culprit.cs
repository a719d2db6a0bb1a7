using Slipway.Core;

namespace Slipway.Cli.Terminal;

/// <summary>Says which file a failure is about: the rooms that read files name the part that is wrong, and may not name paths.</summary>
internal static class Culprit
{
    /// <summary>A failure that names the file; the same one where it does so already.</summary>
    /// <param name="file">The file as the user gave it.</param>
    /// <param name="failure">What went wrong in it.</param>
    public static SlipwayException Named(string file, SlipwayException failure) =>
        Named(file, failure.Message) is var message && message == failure.Message ? failure : new SlipwayException(failure.Code, message, failure);

    /// <summary>A message that names the file.</summary>
    public static string Named(string file, string message) =>
        message.Contains($"'{Path.GetFileName(Path.TrimEndingDirectorySeparator(file))}'", StringComparison.Ordinal) ? message : $"'{file}': {message}";

    /// <summary>Runs work on a file.</summary>
    /// <exception cref="SlipwayException">The work's own failure, with the file's name.</exception>
    public static T Naming<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SlipwayException failure)
        {
            throw Named(file, failure);
        }
    }

    /// <summary>Runs work on a file.</summary>
    /// <exception cref="SlipwayException">The work's own failure, with the file's name.</exception>
    public static async Task<T> NamingAsync<T>(string file, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SlipwayException failure)
        {
            throw Named(file, failure);
        }
    }
}
