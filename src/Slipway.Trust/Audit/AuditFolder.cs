using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Audit;

/// <summary>The audit log in a server's data folder, and the key that its checkpoints are signed with.</summary>
public static class AuditFolder
{
    private const string FolderName = "audit";
    private const string KeyName = "audit-key";

    /// <summary>Where the log lies in a data folder.</summary>
    public static string Of(string data) => Path.Combine(data, FolderName);

    /// <summary>Opens the log of a data folder to write it.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="keyFile">Private key for checkpoints, in PEM; null: one is made in the data folder when there is none yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: the key can't be read, or the log is damaged.</exception>
    public static async Task<AuditLog> OpenAsync(string data, string? keyFile, TimeProvider time, CancellationToken cancellationToken)
    {
        FolderAuditStore store = FolderAuditStore.OpenWrite(Of(data));
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
}
