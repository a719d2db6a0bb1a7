using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Encryption;

/// <summary>How blobs are encrypted, as it is configured.</summary>
public sealed record EncryptionOptions
{
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromSeconds(30);

    /// <summary>Private RSA keys in PEM: the present one, then those that older data keys are wrapped with.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>A program that wraps and unwraps, see <see cref="CommandKeyWrapper"/>; null: none.</summary>
    public string? Command { get; init; }

    /// <summary>Address of a service that wraps and unwraps, see <see cref="HttpKeyWrapper"/>; null: none.</summary>
    public Uri? Service { get; init; }

    /// <summary>File whose first line is the service's bearer token; null: none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Name of the present key, for a program or service; null: none was given.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whether blobs are encrypted.</summary>
    public bool IsEnabled => Keys.Count > 0 || Command is not null || Service is not null;

    /// <summary>Makes what wraps data keys.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: a key can't be read, or the settings contradict each other.</exception>
    public IKeyWrapper CreateWrapper(TimeProvider time)
    {
        if ((Keys.Count > 0 ? 1 : 0) + (Command is null ? 0 : 1) + (Service is null ? 0 : 1) != 1)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "security.encryption: exactly one of keys, command and service is expected");
        }

        if (Keys.Count > 0)
        {
            return RsaKeyWrapper.Read(Keys);
        }

        string keyId = KeyId ?? throw new SlipwayException(ErrorCode.InvalidConfiguration, "security.encryption.keyId is expected with a command or service: the name of the key to wrap with");
        return Command is { } command
            ? new CommandKeyWrapper(command, keyId, time)
            : new HttpKeyWrapper(new HttpClient { Timeout = ServiceLimit }, Service!, TokenFile is null ? null : PemFile.Read(TokenFile).Split('\n')[0].Trim(), keyId);
    }
}
