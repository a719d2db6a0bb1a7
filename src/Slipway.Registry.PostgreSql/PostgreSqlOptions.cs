using Npgsql;

namespace Slipway.Registry.PostgreSql;

/// <summary>How to reach the database; see <see cref="PostgreSqlConnectionString"/> for the text form. Holds no secret.</summary>
/// <param name="Connection">Settings of connections and their pool.</param>
/// <param name="PasswordFile">File that holds the password and nothing else, read again every five minutes; null: <c>PGPASSWORD</c>, a <c>.pgpass</c> file, a certificate, or none.</param>
internal sealed record PostgreSqlOptions(NpgsqlConnectionStringBuilder Connection, string? PasswordFile);
