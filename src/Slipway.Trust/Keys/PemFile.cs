using Slipway.Core;

namespace Slipway.Trust.Keys;

/// <summary>Reads key and certificate files.</summary>
public static class PemFile
{
    /// <summary>The text of a PEM file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it can't be read, or is too large to be one.</exception>
    public static string Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.Length <= TrustLimits.MaxPemBytes
                ? File.ReadAllText(path)
                : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"'{file.Name}' has more than {TrustLimits.MaxPemBytes} bytes: no key or certificate");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"'{Path.GetFileName(path)}' can't be read: {fault.Message}", fault);
        }
    }
}
