using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using Slipway.Core;

namespace Slipway.Registry.PostgreSql;

/// <summary>What faults of PostgreSQL mean: https://www.postgresql.org/docs/current/errcodes-appendix.html. Messages hold no address, statement, value or credential.</summary>
internal static class PostgreSqlFaults
{
    /// <summary>
    /// Whether the whole transaction, begun anew, may succeed at once. A broken uniqueness or reference is among them: somebody else committed in between, and the repeated transaction
    /// sees that and says it in its own words.
    /// </summary>
    public static bool ShouldRetry(DbException fault) => fault is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
    };

    /// <summary>Whether the connection, rather than what was asked for, is at fault.</summary>
    public static bool IsConnection(Exception fault) => fault switch
    {
        PostgresException refused => refused.SqlState.StartsWith("08", StringComparison.Ordinal) || refused.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException broken => broken.InnerException is IOException or SocketException or ObjectDisposedException,
        IOException or SocketException => true,
        _ => false,
    };

    /// <summary>The failure to report.</summary>
    public static SlipwayException Translate(DbException fault) => fault is PostgresException refused
        ? Explain(refused)
        : fault.InnerException is TimeoutException
            ? Unavailable("the database did not answer in time", fault)
            : Unavailable("the database went away; a change that was under way may or may not have been made", fault);

    private static SlipwayException Explain(PostgresException fault) => fault.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable => new SlipwayException(ErrorCode.Overloaded, "the store is busy: other writers have held it for too long", fault)
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        },
        PostgresErrorCodes.QueryCanceled => Unavailable("the database did not answer in time", fault),
        PostgresErrorCodes.TooManyConnections => Unavailable("the database has no connection left (max_connections)", fault),
        PostgresErrorCodes.ReadOnlySqlTransaction => Unavailable("the database can't be written: it is a standby, or read-only", fault),
        PostgresErrorCodes.DiskFull => Unavailable("the database's disk is full; nothing was changed", fault),
        PostgresErrorCodes.OutOfMemory => Unavailable("the database has no memory left; nothing was changed", fault),
        PostgresErrorCodes.InvalidCatalogName => Unavailable("there is no such database on the server", fault),
        PostgresErrorCodes.InsufficientPrivilege => Unavailable("the database's user may not do this; it needs to own its schema", fault),
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter =>
            new SlipwayException(ErrorCode.InvalidRequest, "a name or value holds a character that can't be stored (NUL)", fault),
        PostgresErrorCodes.ProgramLimitExceeded => new SlipwayException(ErrorCode.InvalidRequest, "a name or value is too long", fault),
        PostgresErrorCodes.NumericValueOutOfRange => new SlipwayException(ErrorCode.InvalidRequest, "a number is out of range", fault),
        PostgresErrorCodes.UniqueViolation => new SlipwayException(ErrorCode.AlreadyExists, "somebody else is creating the same thing; read it again", fault),
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected =>
            new SlipwayException(ErrorCode.Overloaded, "the store is busy: other writers were always faster", fault) { RetryAfter = TimeSpan.FromSeconds(1) },
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new SlipwayException("the store's database is damaged; restore a backup", fault),
        ['2', '8', ..] => Unavailable("the database refused the user or password", fault),
        ['0', '8', ..] or ['5', '7', ..] => Unavailable("the database went away; a change that was under way may or may not have been made", fault),
        ['5', '3', ..] => Unavailable($"the database has no resources left (error {fault.SqlState})", fault),
        string code => new SlipwayException($"the store failed (PostgreSQL error {code})", fault),
    };

    private static SlipwayException Unavailable(string words, Exception fault) => new(ErrorCode.StoreUnavailable, words, fault);
}
