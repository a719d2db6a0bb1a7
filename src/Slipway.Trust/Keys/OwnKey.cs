using System.Text;
using Slipway.Core;

namespace Slipway.Trust.Keys;

/// <summary>Keys that a server makes for itself in its data folder: <c>NAME.pem</c>, which only its user can read, and <c>NAME.pub</c> for everybody who verifies.</summary>
public static class OwnKey
{
    private const string PrivateEnding = ".pem";
    private const string PublicEnding = ".pub";

    /// <summary>Opens a key, and makes it where there is none yet.</summary>
    /// <param name="data">The data folder; made when it is not there.</param>
    /// <param name="name">Name of the key.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it can't be read or written.</exception>
    public static SigningKey OpenOrMake(string data, string name)
    {
        string path = Path.Combine(data, name + PrivateEnding);
        try
        {
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(data);
                using SigningKey made = SigningKey.Create();
                WriteSecret(path, made.ToPem());
            }

            SigningKey key = SigningKey.FromPem(PemFile.Read(path), null, $"'{name}{PrivateEnding}'");
            File.WriteAllText(Path.Combine(data, name + PublicEnding), key.PublicKey.ToPem());
            return key;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"data: the key '{name}' can't be kept: {fault.Message}", fault);
        }
    }

    /// <summary>The public half of a key; null when there is none.</summary>
    public static VerificationKey? FindPublic(string data, string name)
    {
        string path = Path.Combine(data, name + PublicEnding);
        return File.Exists(path) ? VerificationKey.FromPem(PemFile.Read(path), $"'{name}{PublicEnding}'") : null;
    }

    // Whole or not at all, and never readable by others, not even for a moment.
    private static void WriteSecret(string path, string text)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}.new";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream file = new(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another server on the same folder was quicker: its key is the one.
            File.Delete(unfinished);
        }
    }
}
