using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Audit;

/// <summary>The audit logs in a data folder, one for each server that ran on it at the same time, and the key that their checkpoints are signed with.</summary>
public static class AuditFolder
{
    private const string FolderName = "audit";
    private const string KeyName = "audit-key";
    private const int MostServers = 64;

    /// <summary>Where the logs of a data folder lie: that of its first server, and those of others that ran at the same time.</summary>
    public static IReadOnlyList<string> AllOf(string data) =>
        [.. Enumerable.Range(1, MostServers).Select(number => Of(data, number)).Where(Directory.Exists)];

    /// <summary>Where the log of a data folder's first server lies.</summary>
    public static string Of(string data) => Of(data, 1);

    /// <summary>Opens a log of a data folder to write it: the first that no other server writes.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="keyFile">Private key for checkpoints, in PEM; null: one is made in the data folder when there is none yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: the key can't be read, the log is damaged, or too many servers share the folder.</exception>
    public static async Task<AuditLog> OpenAsync(string data, string? keyFile, TimeProvider time, CancellationToken cancellationToken)
    {
        FolderAuditStore store = Enumerable.Range(1, MostServers).Select(number => FolderAuditStore.TryOpenWrite(Of(data, number))).FirstOrDefault(static opened => opened is not null)
            ?? throw new SlipwayException(ErrorCode.InvalidConfiguration, $"data: {MostServers} servers write audit logs in this folder already");
        try
        {
            SigningKey key = keyFile is null ? OwnKey.OpenOrMake(data, KeyName) : SigningKey.FromPem(PemFile.Read(keyFile), null, "security.audit.key");
            return await AuditLog.OpenAsync(store, key, new AuditOptions(), time, cancellationToken);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The public half of the key in a data folder; null when there is none.</summary>
    public static VerificationKey? PublicKeyOf(string data) => OwnKey.FindPublic(data, KeyName);

    private static string Of(string data, int number) =>
        Path.Combine(data, number == 1 ? FolderName : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FolderName}-{number}"));
}
